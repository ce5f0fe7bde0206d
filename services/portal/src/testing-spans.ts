export type SampleSpan = {
  traceId: string
  spanId: string
  parentSpanId?: string
  service: string
  scope: string
  name: string
  startMs: number
  endMs: number
  failed?: boolean
}

/** OTLP/HTTP JSON as the services' exporter sends it. */
export function otlpOf(spans: readonly SampleSpan[]) {
  const resourceSpans = Object.entries(Object.groupBy(spans, ({ service }) => service)).map(([service, own = []]) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }], droppedAttributesCount: 0 },
    scopeSpans: own.map(({ scope, startMs, endMs, failed, service: _service, ...span }) => ({
      scope: { name: scope, version: '' },
      spans: [
        {
          ...span,
          kind: 1,
          startTimeUnixNano: `${BigInt(Math.round(startMs * 1_000)) * 1_000n}`,
          endTimeUnixNano: `${BigInt(Math.round(endMs * 1_000)) * 1_000n}`,
          attributes: [{ key: 'messaging.message.id', value: { stringValue: 'oc-48213.1.0' } }],
          status: { code: failed ? 2 : 0 },
          events: [],
          links: [],
          flags: 257,
        },
      ],
    })),
  }))
  return { resourceSpans }
}

const startedAtMs = Date.UTC(2026, 9, 10, 12)
const traceId = '0af7651916cd43dd8448eb211c80319c'

/** A webhook that becomes a contribution and then rights: six steps in three services. */
export const sampleTrace = (): SampleSpan[] =>
  (
    [
      ['1', '', 'billing', 'billing', 'POST /webhooks/opencollective/:path', 0, 6.2],
      ['2', '1', 'billing', 'jobs', 'opencollective order', 8.1, 71],
      ['3', '2', 'billing', 'store', 'store execute', 64.5, 69.9],
      ['4', '3', 'membership', 'bus', 'ContributionStarted process', 75.3, 92.4],
      ['5', '4', 'membership', 'store', 'store execute', 78, 90.2],
      ['6', '5', 'bbb-gateway', 'bus', 'EntitlementsSet process', 97, 97.9],
    ] as const
  ).map(([spanId, parentSpanId, service, scope, name, startMs, endMs]) => ({
    traceId,
    spanId: spanId.padStart(16, '0'),
    parentSpanId: parentSpanId && parentSpanId.padStart(16, '0'),
    service,
    scope,
    name,
    startMs: startedAtMs + startMs,
    endMs: startedAtMs + endMs,
  }))
