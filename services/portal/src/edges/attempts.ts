/** Failed attempts of each address. */
export type Attempts = { failed(address: string): void; tooMany(address: string): boolean }

const perMinuteMax = 10
const addressesMax = 10_000
const minuteMs = 60_000

/** `nowMs` is real time that never jumps. When too many addresses try, the one seen first is forgotten. */
export function countAttempts(nowMs: () => number = () => performance.now()): Attempts {
  const failures = new Map<string, { count: number; sinceMs: number }>()
  const current = (address: string) => {
    const found = failures.get(address)
    return found && nowMs() - found.sinceMs < minuteMs ? found : undefined
  }
  return {
    failed: (address) => {
      const { count, sinceMs } = current(address) ?? { count: 0, sinceMs: nowMs() }
      const [oldest] = failures.keys()
      if (failures.size >= addressesMax && oldest !== undefined && !failures.has(address)) failures.delete(oldest)
      failures.set(address, { count: count + 1, sinceMs })
    },
    tooMany: (address) => (current(address)?.count ?? 0) >= perMinuteMax,
  }
}
