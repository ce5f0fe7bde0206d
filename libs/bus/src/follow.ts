import { DeliverPolicy, type ConsumerMessages, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream'
import type { Source } from '@meetcoop/contracts'
import { fromMessage } from './headers.ts'
import type { Envelope } from '@meetcoop/contracts'
import { stopWhenDead } from './stop-when-dead.ts'
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
const heartbeatMs = 5_000

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
        from = await startOf(manager, source, { from, last: options.last })
        const consumer = await js.consumers.get(streamOf(source), {
          deliver_policy: DeliverPolicy.StartSequence,
          opt_start_seq: from,
        })
        const messages = await consumer.consume({ idle_heartbeat: heartbeatMs })
        open.add(messages)
        void stopWhenDead(messages)
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

type Start = { from: number | undefined; last: number }

/** Where it was, or where it shall begin; a stream that was wiped begins anew. */
async function startOf(manager: JetStreamManager, source: Source, { from, last }: Start): Promise<number> {
  const { state } = await manager.streams.info(streamOf(source))
  if (from !== undefined && from <= state.last_seq + 1) return from
  return Math.max(state.first_seq, state.last_seq + 1 - (from === undefined ? last : state.messages), 1)
}
