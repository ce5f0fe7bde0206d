import type { JetStreamClient, JetStreamManager, JsMsg, MsgRequest, NextMsgRequest } from '@nats-io/jetstream'
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
  const letters: DeadLetter[] = []
  let stored = await read(manager, { seq: 1, next_by_subj: '>' })
  while (stored && letters.length < limit) {
    letters.push(describe(stored.seq, stored.header, stored.time))
    stored = await read(manager, { seq: stored.seq + 1, next_by_subj: '>' })
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
  const stored = await read(manager, { seq: sequence })
  if (!stored) return false
  const h = headers()
  for (const [key, values] of stored.header)
    if (!key.startsWith('dead-letter-') && !key.startsWith('Nats-')) for (const value of values) h.append(key, value)
  h.set('redrive-for', stored.header.get('dead-letter-durable'))
  await js.publish(stored.header.get('dead-letter-subject'), stored.data, { headers: h, msgID: `redrive.${sequence}` })
  await manager.streams.deleteMessage(deadLetterStream, sequence)
  return true
}

async function read(manager: JetStreamManager, query: MsgRequest | NextMsgRequest) {
  try {
    // Every server since 2.9 takes next_by_subj here; the library's type knows it for direct gets only.
    return (await manager.streams.getMessage(deadLetterStream, query as MsgRequest)) ?? undefined
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
