import { z } from 'zod'

const text = z.string().max(2_000)
const value = z.object({
  stringValue: text.optional(),
  intValue: z.union([z.number(), text]).optional(),
  doubleValue: z.number().optional(),
  boolValue: z.boolean().optional(),
})
const attributes = z.array(z.object({ key: z.string().max(200), value })).max(200)
const unixNano = z.union([z.string().regex(/^\d{1,20}$/), z.number().int().nonnegative()])

const span = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z.string().max(16).optional(),
  name: text,
  kind: z.number().int().optional(),
  startTimeUnixNano: unixNano,
  endTimeUnixNano: unixNano,
  attributes: attributes.optional(),
  status: z.object({ code: z.number().optional() }).optional(),
})

const body = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: z.object({ attributes: attributes.optional() }).optional(),
        scopeSpans: z
          .array(z.object({ scope: z.object({ name: text.optional() }).optional(), spans: z.array(span).max(10_000) }))
          .max(1_000),
      }),
    )
    .max(1_000),
})

/** One step of a trace, in one service. */
export type Span = {
  traceId: string
  spanId: string
  /** Empty for the first span of a trace. */
  parentSpanId: string
  service: string
  /** What made it: `grpc`, `bus`, `store`, `jobs`, or a service's own edges. */
  scope: string
  name: string
  /** OTLP's number: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  /** Unix time, to the microsecond. */
  startMs: number
  durationMs: number
  failed: boolean
  attributes: Record<string, string>
}

const attributesMax = 16
const attributeCharactersMax = 200
const failedCode = 2

/** The spans of an OTLP/HTTP JSON body. Throws ZodError if it is none. */
export function parseOtlp(json: unknown): Span[] {
  return body.parse(json).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = readAttributes(resource?.attributes ?? [])['service.name'] ?? 'unknown'
    return scopeSpans.flatMap(({ scope, spans }) => spans.map((each) => toSpan(each, service, scope?.name ?? '')))
  })
}

function toSpan(from: z.infer<typeof span>, service: string, scope: string): Span {
  const startMs = millis(from.startTimeUnixNano)
  return {
    traceId: from.traceId,
    spanId: from.spanId,
    parentSpanId: from.parentSpanId ?? '',
    service,
    scope,
    name: from.name,
    kind: from.kind ?? 0,
    startMs,
    durationMs: Math.max(0, millis(from.endTimeUnixNano) - startMs),
    failed: from.status?.code === failedCode,
    attributes: readAttributes(from.attributes ?? []),
  }
}

// A double holds Unix time to the microsecond, not to the nanosecond.
const millis = (nano: string | number) => Number(BigInt(nano) / 1_000n) / 1_000

function readAttributes(list: z.infer<typeof attributes>): Record<string, string> {
  const pairs = list.slice(0, attributesMax).map(({ key, value }) => {
    const found = value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue ?? ''
    return [key, String(found).slice(0, attributeCharactersMax)] as const
  })
  return Object.fromEntries(pairs)
}
