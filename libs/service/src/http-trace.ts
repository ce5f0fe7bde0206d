import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { contextOf } from '@meetcoop/store'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No span for requests of this route: it is hot, and does nothing that a trace could tell. */
    untraced?: boolean
  }
}

const quiet = new Set(['/healthz', '/readyz', '/metrics', '/v1/traces'])

/** A span for each request, under the caller's `traceparent`. Paths are told as routes: a path may hold a secret. */
export function traceRequests(app: FastifyInstance, name: string): void {
  const tracer = trace.getTracer(name)
  const spans = new WeakMap<FastifyRequest, Span>()
  app.addHook('onRequest', (request, _reply, done) => {
    const { url: route = 'unknown', config } = request.routeOptions
    if (config.untraced || quiet.has(route)) return done()
    const parent = contextOf(String(request.headers.traceparent ?? ''))
    const attributes = { 'http.request.method': request.method, 'http.route': route }
    const span = tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent)
    spans.set(request, span)
    context.with(trace.setSpan(parent, span), done)
  })
  app.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request)
    span?.setAttribute('http.response.status_code', reply.statusCode)
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR })
    span?.end()
    done()
  })
}
