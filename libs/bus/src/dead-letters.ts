import type { JetStreamClient, JetStreamManager, JsMsg } from '@nats-io/jetstream'
import { headers, type MsgHdrs } from '@nats-io/transport-node'
import { deadLetterStream, isNotFound } from './streams.ts'

/** A message that a consumer could not handle, as an operator sees it. */
export type DeadLetter = {
  /** Its place in the dead letters; what redrive takes. */
  sequence: number
  durable: string
  eventId: string
  type: string
  why: string
  /** ISO 8601. */
  diedAt: string
}

const whyMax = 500

/** Copies the message to the dead letters. A message that dies twice before it is redriven is kept once. */
export async function keepDeadLetter(js: JetStreamClient, message: JsMsg, durable: string, why: string): Promise<void> {
  const h = headers()
  for (const [key, values] of message.headers ?? [])
    if (!key.startsWith('Nats-')) for (const value of values) h.append(key, value)
  h.set('dead-letter-durable', durable)
  h.set('dead-letter-subject', message.subject)
  h.set('dead-letter-why', why.replaceAll(/[\r\n]+/g, ' ').slice(0, whyMax))
  await js.publish(`dead_letters.${durable}`, message.data, {
    headers: h,
    msgID: `${durable}.${message.info.streamSequence}`,
  })
}

/** The durable that a redriven message is meant for; empty for an ordinary message. */
export const redriveFor = (message: JsMsg): string => message.headers?.get('redrive-for') ?? ''

/** Dead letters from the oldest, at most `limit`. */
export async function listDeadLetters(manager: JetStreamManager, limit: number): Promise<DeadLetter[]> {
  const { state } = await manager.streams.info(deadLetterStream)
  const letters: DeadLetter[] = []
  for (let sequence = state.first_seq; sequence <= state.last_seq && letters.length < limit; sequence++) {
    const stored = await read(manager, sequence)
    if (stored) letters.push(describe(sequence, stored.header, stored.time))
  }
  return letters
}

const describe = (sequence: number, h: MsgHdrs, time: Date): DeadLetter => ({
  sequence,
  durable: h.get('dead-letter-durable'),
  eventId: h.get('ce-id'),
  type: h.get('ce-type'),
  why: h.get('dead-letter-why'),
  diedAt: time.toISOString(),
})

/** Gives the message to its consumer once more, and takes it out of the dead letters. False if it is not there. */
export async function redrive(js: JetStreamClient, manager: JetStreamManager, sequence: number): Promise<boolean> {
  const stored = await read(manager, sequence)
  if (!stored) return false
  const h = headers()
  for (const [key, values] of stored.header)
    if (!key.startsWith('dead-letter-') && !key.startsWith('Nats-')) for (const value of values) h.append(key, value)
  h.set('redrive-for', stored.header.get('dead-letter-durable'))
  await js.publish(stored.header.get('dead-letter-subject'), stored.data, { headers: h, msgID: `redrive.${sequence}` })
  await manager.streams.deleteMessage(deadLetterStream, sequence)
  return true
}

async function read(manager: JetStreamManager, sequence: number) {
  try {
    const stored = await manager.streams.getMessage(deadLetterStream, { seq: sequence })
    return stored && { header: stored.header, data: stored.data, time: stored.time }
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
