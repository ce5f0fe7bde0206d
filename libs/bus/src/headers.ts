import { headers, type MsgHdrs } from '@nats-io/transport-node'
import { eventNameOf, fullNameOf, sourceOf, type Envelope } from '@meetcoop/contracts'

/** CloudEvents 1.0 in binary mode, the aggregate's version, the cause and the trace. */
export function toHeaders(event: Envelope): MsgHdrs {
  const h = headers()
  h.set('ce-specversion', '1.0')
  h.set('ce-id', event.id)
  h.set('ce-type', fullNameOf(event.type))
  h.set('ce-source', sourceOf(event.type))
  h.set('ce-time', new Date(event.occurredAtMs).toISOString())
  h.set('ce-subject', event.aggregateId)
  h.set('aggregate-version', String(event.version))
  h.set('cause-id', event.causeId)
  if (event.traceparent) h.set('traceparent', event.traceparent)
  return h
}

/** The envelope a message carries. Throws UnknownEvent, or TypeError for a header or payload that is malformed. */
export function fromMessage(message: { headers?: MsgHdrs; json<T>(): T }): Envelope {
  const header = (name: string) => message.headers?.get(name) ?? ''
  const version = Number(header('aggregate-version'))
  const occurredAtMs = Date.parse(header('ce-time'))
  if (!header('ce-id') || !Number.isSafeInteger(version) || Number.isNaN(occurredAtMs))
    throw new TypeError('the message has not the headers of an event')
  return {
    id: header('ce-id'),
    type: eventNameOf(header('ce-type')),
    aggregateId: header('ce-subject'),
    version,
    causeId: header('cause-id'),
    occurredAtMs,
    traceparent: header('traceparent'),
    data: message.json<unknown>(),
  }
}
