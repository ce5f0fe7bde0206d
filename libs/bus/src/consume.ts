import {
  AckPolicy,
  DeliverPolicy,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream'
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { factFromJson, type Envelope, type EventData, type EventName, type Source } from '@meetcoop/contracts'
import { contextOf } from '@meetcoop/store'
import { keepDeadLetter, redriveFor } from './dead-letters.ts'
import { fromMessage } from './headers.ts'
import { done, outcomeOf, type Outcome } from './outcome.ts'
import { stopWhenDead } from './stop-when-dead.ts'
import { ensureStream, isNotFound, streamOf } from './streams.ts'

/** An event as a handler gets it: the envelope, with the payload decoded. */
export type Received<N extends EventName = EventName> = Omit<Envelope, 'type' | 'data'> & {
  type: N
  data: EventData[N]
}

/** What a service does with the events it listens to; events without a handler are passed over. */
export type Handlers = { [N in EventName]?: (event: Received<N>) => Promise<Outcome> }

export type ConsumeOptions = {
  /** The service that listens, and the one that publishes: together they name the durable consumer for ever. */
  service: string
  source: Source
  handlers: Handlers
  onDeadLetter(event: { durable: string; id: string; why: string }): void
  onError(error: unknown): void
}

export type Consuming = { stop(): Promise<void> }

const ackWaitMs = 30_000
const workingEveryMs = 10_000
const inFlightMax = 64
const restartMs = 500
const nanos = 1_000_000

/**
 * Consumes a source's stream, one message after another, and supervises itself: when the consumer or the stream is gone
 * or the server falls silent, it is made again.
 */
export function consume(js: JetStreamClient, manager: JetStreamManager, options: ConsumeOptions): Consuming {
  const durable = `${options.service}-${options.source}`
  let stopped = false
  let messages: ConsumerMessages | undefined

  const run = async () => {
    while (!stopped) {
      try {
        await ensureStream(manager, options.source)
        await ensureConsumer(manager, streamOf(options.source), durable)
        const consumer = await js.consumers.get(streamOf(options.source), durable)
        messages = await consumer.consume({ max_messages: inFlightMax, idle_heartbeat: 5_000 })
        void stopWhenDead(messages)
        for await (const message of messages) {
          await settle(js, message, durable, options)
          if (stopped) break
        }
      } catch (error) {
        if (!stopped) options.onError(error)
      }
      if (!stopped) await new Promise((resolve) => setTimeout(resolve, restartMs))
    }
  }
  const running = run()
  return {
    stop: async () => {
      stopped = true
      messages?.stop()
      await running
    },
  }
}

async function ensureConsumer(manager: JetStreamManager, stream: string, durable: string): Promise<void> {
  try {
    await manager.consumers.info(stream, durable)
  } catch (error) {
    if (!isNotFound(error)) throw error
    await manager.consumers.add(stream, {
      durable_name: durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      ack_wait: ackWaitMs * nanos,
      max_ack_pending: inFlightMax * 4,
      max_deliver: -1,
    })
  }
}

async function settle(js: JetStreamClient, message: JsMsg, durable: string, options: ConsumeOptions): Promise<void> {
  const intended = redriveFor(message)
  if (intended !== '' && intended !== durable) return message.ack()
  const working = setInterval(() => message.working(), workingEveryMs)
  const outcome = await handle(message, durable, options).catch((error: unknown) => {
    const outcome = outcomeOf(error, message.info.deliveryCount)
    if (outcome.kind === 'later') options.onError(error)
    return outcome
  })
  clearInterval(working)
  if (outcome.kind === 'done') message.ack()
  else if (outcome.kind === 'later') message.nak(outcome.afterMs)
  else {
    // The copy first: after term() nobody would deliver the message again.
    await keepDeadLetter(js, message, durable, outcome.why)
    options.onDeadLetter({ durable, id: message.headers?.get('ce-id') ?? '', why: outcome.why })
    // 2.9 servers do not understand a reason.
    message.term()
  }
}

async function handle(message: JsMsg, durable: string, { handlers }: ConsumeOptions): Promise<Outcome> {
  const event = fromMessage(message)
  const handler = handlers[event.type] as ((event: Received) => Promise<Outcome>) | undefined
  if (!handler) return done
  const fact = factFromJson(event.type, event.data)
  const attributes = {
    'messaging.system': 'nats',
    'messaging.consumer.group.name': durable,
    'messaging.message.id': event.id,
  }
  const span = trace
    .getTracer('bus')
    .startSpan(`${event.type} process`, { kind: SpanKind.CONSUMER, attributes }, contextOf(event.traceparent))
  try {
    return await context.with(trace.setSpan(contextOf(event.traceparent), span), () => handler({ ...event, ...fact }))
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR })
    throw error
  } finally {
    span.end()
  }
}
