const windowMs = 60_000
const maxKeys = 10_000

type Window = { remaining: number; resetMs: number }

/** A fixed window of one real minute per caller, with OpenCollective's headers. */
export function rateLimiter() {
  const windows = new Map<string, Window>()
  return (key: string, total: number, nowMs = Date.now()): { allowed: boolean; headers: Record<string, string> } => {
    const known = windows.get(key)
    const window = known && known.resetMs > nowMs ? known : { remaining: total, resetMs: nowMs + windowMs }
    if (windows.size >= maxKeys) windows.clear()
    windows.set(key, window)
    const allowed = window.remaining > 0
    if (allowed) window.remaining--
    return {
      allowed,
      headers: {
        'x-ratelimit-limit': String(total),
        'x-ratelimit-reset': String(Math.ceil(window.resetMs / 1000)),
        'x-ratelimit-remaining': String(window.remaining),
        ...(allowed ? {} : { 'retry-after': String((window.resetMs - nowMs) / 1000) }),
      },
    }
  }
}
