import { DeliverPolicy, type ConsumerMessages, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream'
import type { Source } from '@meetcoop/contracts'
import { fromMessage } from './headers.ts'
import type { Envelope } from '@meetcoop/contracts'
import { ensureStream, streamOf } from './streams.ts'

export type FollowOptions = {
  sources: readonly Source[]
  /** The last so many of each source first; 0: only what comes from now on. */
  last: number
  onEvent(event: Envelope): void
  onError(error: unknown): void
}

export type Following = { stop(): Promise<void> }

const restartMs = 500

/**
 * Watches events without acknowledging them: for pages and projections in memory, where an event is only a nudge. A
 * message that is no event is told to onError and passed over.
 */
export function follow(js: JetStreamClient, manager: JetStreamManager, options: FollowOptions): Following {
  let stopped = false
  const open = new Set<ConsumerMessages>()

  const run = async (source: Source) => {
    let from: number | undefined
    while (!stopped) {
      try {
        await ensureStream(manager, source)
        from ??= await startOf(manager, source, options.last)
        const consumer = await js.consumers.get(streamOf(source), {
          deliver_policy: DeliverPolicy.StartSequence,
          opt_start_seq: from,
        })
        const messages = await consumer.consume()
        open.add(messages)
        for await (const message of messages) {
          from = message.seq + 1
          try {
            options.onEvent(fromMessage(message))
          } catch (error) {
            options.onError(error)
          }
        }
        open.delete(messages)
      } catch (error) {
        if (!stopped) options.onError(error)
        // A stream that was wiped begins anew.
        from = undefined
      }
      if (!stopped) await new Promise((resolve) => setTimeout(resolve, restartMs))
    }
  }
  const running = Promise.all(options.sources.map(run))
  return {
    stop: async () => {
      stopped = true
      for (const messages of open) messages.stop()
      await running
    },
  }
}

async function startOf(manager: JetStreamManager, source: Source, last: number): Promise<number> {
  const { state } = await manager.streams.info(streamOf(source))
  return Math.max(state.first_seq, state.last_seq + 1 - last, 1)
}
