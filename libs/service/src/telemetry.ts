import { setTimeout as pause } from 'node:timers/promises'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { context, propagation, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { traceContext } from './trace-context.ts'

export type Telemetry = { stop(): Promise<void> }

const exportEveryMs = 500
const flushWithinMs = 1_000

/**
 * Starts tracing if OTEL_EXPORTER_OTLP_ENDPOINT is set. Spans are made by hand at the few edges of libs/, because
 * patching modules at load time costs more memory and start-up than all of them together. `onLost` hears of spans that
 * could not be sent any more at the stop.
 */
export function startTelemetry(
  service: string,
  env: Record<string, string | undefined>,
  onLost: (error: Error) => void,
): Telemetry {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT) return { stop: async () => {} }
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const ratio = Number(env.OTEL_TRACES_SAMPLER_ARG ?? '1')
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter(), scheduledDelayMillis: exportEveryMs }),
    ],
  })
  trace.setGlobalTracerProvider(provider)
  propagation.setGlobalPropagator(traceContext)
  return {
    stop: async () => {
      // The collector may be stopped already: the last spans are not worth waiting for it to come back.
      await Promise.race([provider.shutdown().catch(onLost), pause(flushWithinMs, undefined, { ref: false })])
      propagation.disable()
    },
  }
}
