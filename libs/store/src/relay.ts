import { publishRound, type Publish } from './publish-round.ts'
import { limitMax, type Store } from './store.ts'

export type Relay = {
  /** Resolves when nothing is left to publish, or throws why it cannot be. */
  drain(): Promise<void>
  /** Ends after the round under way. What is still pending waits in the store. */
  stop(): Promise<void>
}

type RelayOptions = {
  /** Resolves when the bus has the event on disk. Must give up by itself when it cannot. */
  publish: Publish
  nowMs(): number
  /** Told about each failed round; the relay itself goes on. */
  onError(error: unknown): void
}

const batchMax = 128
const pollMs = 1_000
const retryMs = 500
const pruneMs = 3_600_000
/** An event log for audit and replay, kept for longer than any stream keeps its messages. */
const keepPublishedDays = 400

/**
 * Publishes the outbox: after each write and once a second. An event is taken off only when the bus has it on disk, so
 * a crash in between repeats it under the same id and never loses it.
 */
export function startRelay(store: Store, { publish, nowMs, onError }: RelayOptions): Relay {
  let stopped = false
  let written = false
  let onWrite: () => void = () => {}
  let onStop: () => void = () => {}
  store.onEvents(() => {
    written = true
    onWrite()
  })
  const pause = (ms: number, { untilWrite }: { untilWrite: boolean }) =>
    new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(end, ms)
      onStop = end
      onWrite = untilWrite ? end : () => {}
    })

  // A failed round makes the next one look further, past events that cannot be published.
  let limit = batchMax
  const round = async (): Promise<number> => {
    try {
      const found = await publishRound(store.outbox, publish, limit, nowMs)
      limit = batchMax
      return found
    } catch (error) {
      limit = Math.min(limit * 2, limitMax)
      throw error
    }
  }
  // One round at a time, whoever asks for it.
  let last: Promise<unknown> = Promise.resolve()
  const nextRound = (): Promise<number> => {
    const next = last.then(round, round)
    last = next
    return next
  }

  const run = async () => {
    while (!stopped) {
      written = false
      try {
        const found = await nextRound()
        if (found === 0 && !written && !stopped) await pause(pollMs, { untilWrite: true })
      } catch (error) {
        onError(error)
        // Writes go on while the bus is away; they must not turn its absence into a busy loop.
        if (!stopped) await pause(retryMs, { untilWrite: false })
      }
    }
  }
  const running = run()
  const prune = () => store.outbox.prune(nowMs() - keepPublishedDays * 86_400_000).catch(onError)
  const pruning = setInterval(() => void prune(), pruneMs).unref()

  return {
    drain: async () => {
      while ((await nextRound()) > 0);
    },
    stop: async () => {
      stopped = true
      clearInterval(pruning)
      onStop()
      await running
    },
  }
}
