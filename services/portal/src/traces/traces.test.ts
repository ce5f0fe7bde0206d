import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { otlpOf, sampleTrace } from '../testing-spans.ts'
import { parseOtlp, type Span } from './otlp.ts'
import { openShelf, spansMax, tracesMax } from './shelf.ts'
import { layOut } from './waterfall.ts'

const spanOf = (traceId: number, spanId: number, change: Partial<Span> = {}): Span => ({
  traceId: String(traceId),
  spanId: String(spanId),
  parentSpanId: '',
  service: 'billing',
  scope: 'bus',
  name: 'step',
  kind: 1,
  startMs: spanId,
  durationMs: 1,
  failed: false,
  attributes: {},
  ...change,
})

test('OTLP JSON is read, to the microsecond', () => {
  const [first, second] = parseOtlp(otlpOf(sampleTrace()))
  expect(first).toEqual({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: '0000000000000001',
    parentSpanId: '',
    service: 'billing',
    scope: 'billing',
    name: 'POST /webhooks/opencollective/:path',
    kind: 1,
    startMs: Date.UTC(2026, 9, 10, 12),
    durationMs: expect.closeTo(6.2, 2),
    failed: false,
    attributes: { 'messaging.message.id': 'oc-48213.1.0' },
  })
  expect(second?.parentSpanId).toBe('0000000000000001')
})

describe('the shelf', () => {
  test('keeps a span once, however often it is sent', () => {
    const shelf = openShelf()
    shelf.add([spanOf(1, 1), spanOf(1, 1), spanOf(1, 2)])
    expect(shelf.get('1')?.map(({ spanId }) => spanId)).toEqual(['1', '2'])
  })

  test('makes room with what is oldest', () => {
    const shelf = openShelf()
    for (let i = 0; i <= tracesMax; i++) shelf.add([spanOf(i, 1)])
    expect(shelf.get('0')).toBeUndefined()
    expect(shelf.get('1')).toHaveLength(1)
  })

  test('and before that with what is only questions', () => {
    const shelf = openShelf()
    for (let i = 0; i <= tracesMax; i++) shelf.add([spanOf(i, 1, { scope: i === 300 ? 'grpc' : 'bus' })])
    expect(shelf.get('0')).toHaveLength(1)
    expect(shelf.get('300')).toBeUndefined()
  })

  test('never holds more than its bounds', () => {
    const spans = fc.array(fc.tuple(fc.nat(900), fc.nat(5_000)), { minLength: 2_500, maxLength: 4_000 })
    fc.assert(
      fc.property(spans, (ids) => {
        const shelf = openShelf()
        shelf.add(ids.map(([trace, span]) => spanOf(trace, span)))
        const kept = Array.from({ length: 901 }, (_, i) => shelf.get(String(i))).filter((each) => each !== undefined)
        expect(kept.length).toBeLessThanOrEqual(tracesMax)
        expect(kept.flat().length).toBeLessThanOrEqual(spansMax)
        expect(kept.flat().length).toBeGreaterThan(spansMax / 2)
      }),
      { numRuns: 10 },
    )
  })
})

describe('the waterfall', () => {
  test('puts each step after its parent, by time among brothers', () => {
    const spans = [
      spanOf(1, 4, { parentSpanId: '1', startMs: 30 }),
      spanOf(1, 3, { parentSpanId: '2', startMs: 20 }),
      spanOf(1, 2, { parentSpanId: '1', startMs: 10 }),
      spanOf(1, 1, { startMs: 5, durationMs: 50 }),
    ]
    const { spans: laid, durationMs, startedAtMs } = layOut('1', spans)
    expect(laid.map(({ spanId, depth, offsetMs }) => [spanId, depth, offsetMs])).toEqual([
      ['1', 0, 0],
      ['2', 1, 5],
      ['3', 2, 15],
      ['4', 1, 25],
    ])
    expect([startedAtMs, durationMs]).toEqual([5, 50])
  })

  test('loses no step whose parent did not arrive, or is itself', () => {
    const spans = [spanOf(1, 1, { parentSpanId: '9' }), spanOf(1, 2, { parentSpanId: '2' })]
    expect(layOut('1', spans).spans).toHaveLength(2)
  })
})
