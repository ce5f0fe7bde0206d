import type { EventName } from './events.ts'

/** An event as the outbox keeps it and as the headers of its message tell it. */
export type Envelope = {
  /** `<aggregate>.<version>.<n>`: the same however often it is sent. */
  id: string
  type: EventName
  aggregateId: string
  /** Version of the aggregate that this event made. */
  version: number
  /** What made it happen: an event's id, a webhook's id, an operator's command. */
  causeId: string
  occurredAtMs: number
  /** W3C trace context of the write; empty if none. */
  traceparent: string
  /** proto3 JSON. */
  data: unknown
}
