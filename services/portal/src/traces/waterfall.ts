import type { Span } from './otlp.ts'

/** A trace laid out to be drawn: spans from the first on, each after its parent. */
export type Waterfall = {
  traceId: string
  startedAtMs: number
  durationMs: number
  /** In order of appearance. */
  services: string[]
  spans: (Omit<Span, 'traceId' | 'startMs'> & { offsetMs: number; depth: number })[]
}

/** Lays out the spans of one trace. A span whose parent did not arrive stands at the top. */
export function layOut(traceId: string, spans: readonly Span[]): Waterfall {
  const known = new Set(spans.map((span) => span.spanId))
  const children = Map.groupBy(
    spans.toSorted((a, b) => a.startMs - b.startMs),
    ({ parentSpanId, spanId }) => (known.has(parentSpanId) && parentSpanId !== spanId ? parentSpanId : ''),
  )
  const startedAtMs = Math.min(...spans.map((span) => span.startMs))
  const laid: Waterfall['spans'] = []
  // A stack, not recursion: how deep a trace is, its senders decide.
  const waiting = (children.get('') ?? []).map((span) => ({ span, depth: 0 })).toReversed()
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { span, depth } = next
    laid.push({ ...placed(span), offsetMs: span.startMs - startedAtMs, depth })
    waiting.push(...(children.get(span.spanId) ?? []).map((span) => ({ span, depth: depth + 1 })).toReversed())
  }
  return {
    traceId,
    startedAtMs,
    durationMs: Math.max(...spans.map((span) => span.startMs + span.durationMs)) - startedAtMs,
    services: [...new Set(laid.map((span) => span.service))],
    spans: laid,
  }
}

const placed = ({ spanId, parentSpanId, service, scope, name, kind, durationMs, failed, attributes }: Span) => ({
  spanId,
  parentSpanId,
  service,
  scope,
  name,
  kind,
  durationMs,
  failed,
  attributes,
})
