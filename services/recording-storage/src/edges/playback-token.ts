import { createHmac } from 'node:crypto'
import { sameSecret } from '@meetcoop/service'

export type Viewing = { tenantId: string; recordingId: string }

const digest = (key: string, { tenantId, recordingId }: Viewing, untilMs: number): string =>
  createHmac('sha256', key).update(`playback:${tenantId}:${recordingId}:${untilMs}`).digest('base64url')

/** Lets whoever bears it watch this tenant's recording until untilMs. */
export const playbackToken = (key: string, viewing: Viewing, untilMs: number): string =>
  `${untilMs}.${digest(key, viewing, untilMs)}`

export const opens = (key: string, viewing: Viewing, token: string, nowMs: number): boolean => {
  const [, untilMs, given] = /^(\d{1,16})\.([\w-]{43})$/.exec(token) ?? []
  return untilMs !== undefined && sameSecret(given!, digest(key, viewing, Number(untilMs))) && nowMs < Number(untilMs)
}
