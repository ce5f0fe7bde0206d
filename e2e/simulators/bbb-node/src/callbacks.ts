import { request } from 'undici'

const retryAfterMs = [30_000, 60_000, 120_000, 300_000]
const fetchTimeoutMs = 10_000
const maxPending = 20_000
const maxAtOnce = 50

type Callback = { url: string; attempts: number; dueAtMs: number }

export type Callbacks = ReturnType<typeof createCallbacks>

/**
 * Delivers callbacks as a BBB node does: only an exact 200 counts, and then the address is fetched once more; redirects
 * are not followed; after failures it waits 30, 60, 120 and 300 s of the node's time, then gives up. In memory only.
 */
export const createCallbacks = (nowMs: () => number, warn: (what: string) => void) => {
  let waiting: Callback[] = []
  let underWay = 0
  let life = new AbortController()

  const fetchOnce = async (url: string, signal: AbortSignal): Promise<void> => {
    const { statusCode, body } = await request(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(fetchTimeoutMs)]),
    })
    await body.dump({ limit: 65_536 })
    if (statusCode !== 200) throw new Error(`status ${statusCode}`)
  }

  const deliver = async (callback: Callback): Promise<void> => {
    const { signal } = life
    underWay += 1
    try {
      await fetchOnce(callback.url, signal)
      await fetchOnce(callback.url, signal)
    } catch (error) {
      if (signal.aborted) return
      const waitMs = retryAfterMs[callback.attempts]
      const host = URL.canParse(callback.url) ? new URL(callback.url).host : 'no URL'
      warn(
        `callback to ${host} failed (${String(error)}), ${waitMs === undefined ? 'given up' : `again in ${waitMs} ms`}`,
      )
      if (waitMs !== undefined)
        waiting.push({ url: callback.url, attempts: callback.attempts + 1, dueAtMs: nowMs() + waitMs })
    } finally {
      underWay -= 1
    }
  }

  const tick = (): void => {
    const due = waiting.filter(({ dueAtMs }) => dueAtMs <= nowMs()).slice(0, maxAtOnce - underWay)
    waiting = waiting.filter((callback) => !due.includes(callback))
    for (const callback of due) void deliver(callback)
  }

  return {
    tick,
    enqueue(url: string): void {
      if (waiting.length >= maxPending) return warn('too many callbacks wait, one is dropped')
      waiting.push({ url, attempts: 0, dueAtMs: nowMs() })
      tick()
    },
    pending: (): number => waiting.length + underWay,
    /** A crash, or the end of the node: whatever is not delivered is lost. */
    loseAll(): void {
      waiting = []
      life.abort()
      life = new AbortController()
    },
  }
}
