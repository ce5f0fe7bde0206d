/** How often a key may be used within a span of real time. Keeps a bounded number of keys; the oldest are forgotten. */
export function countAttempts({ max, perMs, keysMax }: { max: number; perMs: number; keysMax: number }) {
  const counts = new Map<string, { count: number; sinceMs: number }>()
  return (key: string, nowMs: number): boolean => {
    const known = counts.get(key)
    if (known && nowMs - known.sinceMs < perMs) return ++known.count <= max
    counts.delete(key)
    counts.set(key, { count: 1, sinceMs: nowMs })
    const oldest = counts.size > keysMax ? counts.keys().next().value : undefined
    if (oldest !== undefined) counts.delete(oldest)
    return true
  }
}
