import type { Span } from './otlp.ts'

/** The last traces, in memory. */
export type Shelf = {
  add(spans: readonly Span[]): void
  /** In order of arrival; undefined if it is not kept, or not any more. */
  get(traceId: string): readonly Span[] | undefined
}

export const spansMax = 2_000
export const tracesMax = 500

/**
 * Traces that were added to longest ago make room first, and before them those that are nothing but questions: services
 * ask each other by the clock, and nobody looks for that.
 */
export function openShelf(): Shelf {
  const traces = new Map<string, Span[]>()
  let count = 0
  const drop = (traceId: string) => {
    count -= traces.get(traceId)?.length ?? 0
    traces.delete(traceId)
  }
  const makeRoom = (latest: string) => {
    while (count > spansMax || traces.size > tracesMax) {
      const [idle] =
        [...traces].find(([id, spans]) => id !== latest && spans.every(({ scope }) => scope === 'grpc')) ?? []
      const [oldest] = traces.keys()
      drop(idle ?? oldest ?? latest)
    }
  }
  return {
    add: (spans) => {
      for (const span of spans) {
        const kept = traces.get(span.traceId) ?? []
        if (kept.some(({ spanId }) => spanId === span.spanId)) continue
        traces.delete(span.traceId)
        traces.set(span.traceId, [...kept, span])
        count++
        makeRoom(span.traceId)
      }
    },
    get: (traceId) => traces.get(traceId),
  }
}
