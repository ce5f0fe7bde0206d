import type { ConsumerMessages } from '@nats-io/jetstream'

const fatal = new Set(['consumer_deleted', 'consumer_not_found', 'stream_not_found'])
const missedHeartbeatsMax = 2

/**
 * Ends the iteration when the consumer or its stream is gone or the server has fallen silent, so that whoever iterates
 * makes them again. The library itself goes on waiting, and delivery would resume much later, if at all.
 */
export async function stopWhenDead(messages: ConsumerMessages): Promise<void> {
  for await (const status of messages.status()) {
    const silent = status.type === 'heartbeats_missed' && status.count >= missedHeartbeatsMax
    if (fatal.has(status.type) || silent) messages.stop()
  }
}
