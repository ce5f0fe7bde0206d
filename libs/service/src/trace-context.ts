import { context, trace, type TextMapPropagator } from '@opentelemetry/api'
import { contextOf, currentTraceparent } from '@meetcoop/store'

/** W3C trace context for libraries that carry traces by themselves, as BullMQ does in its jobs. */
export const traceContext: TextMapPropagator = {
  inject: (ctx, carrier, setter) => setter.set(carrier, 'traceparent', context.with(ctx, currentTraceparent)),
  extract: (ctx, carrier, getter) => {
    const parent = trace.getSpanContext(contextOf(String(getter.get(carrier, 'traceparent') ?? '')))
    return parent ? trace.setSpanContext(ctx, parent) : ctx
  },
  fields: () => ['traceparent'],
}
