/** The last hour, oldest first, in columns. Real time: a sandbox clock that jumps would tear the line. */
export type Trend = { atMs: number[]; participants: number[]; meetings: number[] }

export const noTrend: Trend = { atMs: [], participants: [], meetings: [] }

export const sampleEveryMs = 15_000
const spanMs = 3_600_000

/** The trend with one more sample; what is older than an hour is gone. */
export function sampled(trend: Trend, atMs: number, now: { participants: number; meetings: number }): Trend {
  const kept = trend.atMs.findIndex((each) => each > atMs - spanMs)
  const recent = (column: readonly number[]) => (kept < 0 ? [] : column.slice(kept))
  return {
    atMs: [...recent(trend.atMs), atMs],
    participants: [...recent(trend.participants), now.participants],
    meetings: [...recent(trend.meetings), now.meetings],
  }
}
