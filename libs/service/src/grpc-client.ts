import grpc from '@grpc/grpc-js'
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { currentTraceparent } from '@meetcoop/store'
import type { Queries } from './grpc-server.ts'

/** A caller's view of another service: each method takes a request and resolves to the reply, or rejects. */
export type Peer<Server> = Queries<Server>

const deadlineMs = 3_000

type Call = (
  request: unknown,
  metadata: grpc.Metadata,
  options: grpc.CallOptions,
  callback: (error: grpc.ServiceError | null, reply: unknown) => void,
) => void

/** Calls the service at the address; each call has a deadline and carries the trace. */
export function openPeer<Server>(
  definition: grpc.ServiceDefinition,
  address: string,
): { peer: Peer<Server>; close(): void } {
  const Client = grpc.makeGenericClientConstructor(definition, '')
  const client = new Client(address, grpc.credentials.createInsecure(), {
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
  })
  const methods = Object.entries(definition).map(([method, { path }]) => {
    const call = (client[method] as unknown as Call).bind(client)
    return [method, (request: unknown) => ask(path, call, request)]
  })
  return { peer: Object.fromEntries(methods) as Peer<Server>, close: () => client.close() }
}

function ask(path: string, call: Call, request: unknown): Promise<unknown> {
  const span = trace.getTracer('grpc').startSpan(path, { kind: SpanKind.CLIENT })
  return context.with(trace.setSpan(context.active(), span), () => {
    const metadata = new grpc.Metadata()
    const traceparent = currentTraceparent()
    if (traceparent) metadata.set('traceparent', traceparent)
    return new Promise((resolve, reject) => {
      call(request, metadata, { deadline: Date.now() + deadlineMs }, (error, reply) => {
        if (error) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
        if (error) reject(error)
        else resolve(reply)
      })
    })
  })
}

/** Whether a rejected call says that there is no such thing, as opposed to an outage. */
export const isNotFound = (error: unknown): boolean => (error as { code?: number }).code === grpc.status.NOT_FOUND

/** Whether a rejected call says that there is no room for more, as opposed to an outage. */
export const isExhausted = (error: unknown): boolean =>
  (error as { code?: number }).code === grpc.status.RESOURCE_EXHAUSTED
