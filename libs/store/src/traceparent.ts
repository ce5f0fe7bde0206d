import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type SpanKind,
} from '@opentelemetry/api'

/** The active span as a W3C `traceparent`; empty if there is none. */
export function currentTraceparent(): string {
  const span = trace.getSpanContext(context.active())
  if (!span || !isSpanContextValid(span)) return ''
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`
}

/** A context whose parent is the given `traceparent`; the root where it is empty or malformed. */
export function contextOf(traceparent: string): Context {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? []
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: parseInt(flags, 16), isRemote: true })
}

/** Runs the work under the given `traceparent`: what was written down in one trace goes on in it later. */
export const inTrace = <T>(traceparent: string, work: () => T): T => context.with(contextOf(traceparent), work)

type SpanOf = { name: string; kind: SpanKind; attributes?: Attributes }

/** Runs the work as a span of its own, below the active one; an error marks it and goes on to the caller. */
export const inSpan = <T>({ name, ...options }: SpanOf, work: () => Promise<T>): Promise<T> =>
  trace.getTracer('coop').startActiveSpan(name, options, async (span) => {
    try {
      return await work()
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
