import type { Envelope } from '@meetcoop/contracts'
import type { Store } from './store.ts'

export type Relay = {
  /** Resolves when nothing is left to publish, or throws why it cannot be. */
  drain(): Promise<void>
  stop(): Promise<void>
}

type RelayOptions = {
  publish(event: Envelope): Promise<void>
  nowMs(): number
  /** Told about each failed round; the relay itself goes on. */
  onError(error: unknown): void
}

const batchMax = 128
const pollMs = 1_000
const retryMs = 500
/** An event log for audit and replay, kept for longer than any stream keeps its messages. */
const keepPublishedDays = 400

/**
 * Publishes the outbox: after each write and once a second. An event is taken off only when the bus has it on disk, so
 * a crash in between repeats it under the same id and never loses it.
 */
export function startRelay(store: Store, { publish, nowMs, onError }: RelayOptions): Relay {
  let stopped = false
  let wake: () => void = () => {}
  let pokes = 0
  store.onEvents(() => {
    pokes++
    wake()
  })

  const publishBatch = async (): Promise<number> => {
    const events = await store.outbox.pending(batchMax)
    if (events.length === 0) return 0
    const results = await Promise.allSettled(events.map(publish))
    const sent = events.filter((_, n) => results[n]?.status === 'fulfilled')
    await store.outbox.published(sent, nowMs())
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
    return events.length
  }
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const run = async () => {
    while (!stopped) {
      const seen = pokes
      try {
        const sent = await publishBatch()
        if (sent === 0 && seen === pokes && !stopped) await pause(pollMs)
      } catch (error) {
        onError(error)
        if (!stopped) await pause(retryMs)
      }
    }
  }
  const running = run()
  const pruning = setInterval(() => {
    store.outbox.prune(nowMs() - keepPublishedDays * 86_400_000).catch(onError)
  }, 3_600_000).unref()

  return {
    drain: async () => {
      while ((await publishBatch()) > 0);
    },
    stop: async () => {
      stopped = true
      clearInterval(pruning)
      wake()
      await running
    },
  }
}
