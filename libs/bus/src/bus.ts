import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import { sources, subjectOf, type Envelope, type Source } from '@meetcoop/contracts'
import { openConnection } from './connection.ts'
import { consume, type ConsumeOptions, type Consuming } from './consume.ts'
import { listDeadLetters, redrive, type DeadLetter } from './dead-letters.ts'
import { follow, type Following, type FollowOptions } from './follow.ts'
import { toHeaders } from './headers.ts'
import { ensureDeadLetterStream, ensureStream } from './streams.ts'

/** The event streams of the house, on NATS JetStream. */
export type Bus = {
  /** Resolves when the server has the event on disk. The same id twice within two minutes is stored once. */
  publish(event: Envelope): Promise<void>
  consume(options: ConsumeOptions): Consuming
  follow(options: FollowOptions): Following
  deadLetters: { list(limit: number): Promise<DeadLetter[]>; redrive(sequence: number): Promise<boolean> }
  /** Throws if the server does not answer. */
  ping(): Promise<void>
  /** Resolves when the connection is closed for good. */
  closed: Promise<void | Error>
  close(): Promise<void>
}

const publishTimeoutMs = 5_000
const pingTimeoutMs = 2_000

/** Waits for the server unless told not to: then it throws if the server is not there. */
type Opening = { url: string; name: string; wait?: boolean }

/** Connects and makes all streams that are missing, so that services may start in any order. */
export async function openBus({ url, name, wait = true }: Opening): Promise<Bus> {
  const connection = await openConnection(url, name, wait)
  try {
    return await busOver(connection)
  } catch (error) {
    await connection.close()
    throw error
  }
}

async function busOver(connection: NatsConnection): Promise<Bus> {
  const js = jetstream(connection)
  const manager = await jetstreamManager(connection)
  await ensureDeadLetterStream(manager)
  for (const source of Object.keys(sources) as Source[]) await ensureStream(manager, source)
  return {
    publish: async (event) => {
      const subject = subjectOf(event.type, event.aggregateId)
      const payload = JSON.stringify(event.data)
      await js.publish(subject, payload, { msgID: event.id, headers: toHeaders(event), timeout: publishTimeoutMs })
    },
    consume: (options) => consume(js, manager, options),
    follow: (options) => follow(js, manager, options),
    deadLetters: {
      list: (limit) => listDeadLetters(manager, limit),
      redrive: (sequence) => redrive(js, manager, sequence),
    },
    ping: async () => {
      const late = new Promise<never>((_, reject) =>
        setTimeout(() => reject(new Error('NATS does not answer')), pingTimeoutMs).unref(),
      )
      await Promise.race([connection.flush(), late])
    },
    closed: connection.closed(),
    close: () => connection.drain(),
  }
}
