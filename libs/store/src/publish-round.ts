import type { Envelope } from '@meetcoop/contracts'
import type { Outbox } from './store.ts'

export type Publish = (event: Envelope) => Promise<void>

/**
 * Publishes up to `limit` pending events and takes them off; says how many there were. Aggregates go side by side, the
 * events of one after each other: behind one that fails the rest of its aggregate waits, and no other does. Throws the
 * first failure, after everything that was published is taken off.
 */
export async function publishRound(outbox: Outbox, publish: Publish, limit: number, nowMs: () => number) {
  const events = await outbox.pending(limit)
  const sent: Envelope[] = []
  const publishInOrder = async (line: readonly Envelope[]) => {
    for (const event of line) {
      await publish(event)
      sent.push(event)
    }
  }
  const lines = Map.groupBy(events, (event) => event.aggregateId).values()
  const results = await Promise.allSettled([...lines].map(publishInOrder))
  if (sent.length > 0) await outbox.published(sent, nowMs())
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
  return events.length
}
