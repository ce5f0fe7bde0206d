import { expect, test } from '@jest/globals'
import { ContentionError, execute } from '../execute.ts'
import type { Collection } from '../store.ts'
import { useStore, type Engine } from './engines.ts'
import { idsOf, purse, type Purse } from './purse.ts'

export function executing(engine: Engine): void {
  const bench = useStore(engine)
  const purses = () => bench.store.collection<Purse>('purses')
  const add = (c: Collection<Purse>, add: number, causeId: string) =>
    execute(c, purse, { id: 'a', causeId, command: { add }, nowMs: 5_000 })

  test('a decision is written with its events and its cause', async () => {
    const c = await purses()
    await add(c, 2, 'x')
    expect(await add(c, 3, 'y')).toMatchObject({ state: { sum: 5 }, version: 2 })
    expect(await c.get('a')).toEqual({ id: 'a', version: 2, state: { sum: 5 }, handled: ['x', 'y'] })
    const [, second] = await bench.store.outbox.pending(10)
    expect(second).toEqual({
      id: 'a.2.0',
      type: 'ContributionRefunded',
      aggregateId: 'a',
      version: 2,
      causeId: 'y',
      occurredAtMs: 5_000,
      traceparent: '',
      data: { refundedMinor: 3 },
    })
  })

  test('a refusal and a decision without facts write nothing', async () => {
    const c = await purses()
    expect(await add(c, -1, 'x')).toEqual({ refused: 'negative' })
    expect(await add(c, 0, 'y')).toEqual({ events: [], state: { sum: 0 }, version: 0 })
    expect(await c.get('a')).toBeUndefined()
    expect(await bench.store.outbox.pending(10)).toEqual([])
  })

  test('the same cause takes effect once, also when it comes ten times at once', async () => {
    const c = await purses()
    await Promise.all(Array.from({ length: 10 }, () => add(c, 4, 'same')))
    expect(await add(c, 4, 'same')).toEqual({ events: [], state: { sum: 4 }, version: 1 })
    expect(idsOf(await bench.store.outbox.pending(10))).toEqual(['a.1.0'])
  })

  test('20 compatible commands at once all land, each with its event', async () => {
    const c = await purses()
    await Promise.all(Array.from({ length: 20 }, (_, n) => add(c, 1, `cause-${n}`)))
    expect(await c.get('a')).toMatchObject({ version: 20, state: { sum: 20 } })
    const ids = Array.from({ length: 20 }, (_, n) => `a.${n + 1}.0`)
    expect(idsOf(await bench.store.outbox.pending(100))).toEqual(ids)
  })

  test('who loses every race is told so, and has changed nothing', async () => {
    const c = await purses()
    let rivals = 0
    const slow: Collection<Purse> = {
      ...c,
      get: async (id) => {
        const seen = await c.get(id)
        await c.write({ id, expectedVersion: seen?.version ?? 0, state: { sum: rivals++ } })
        return seen
      },
    }
    await expect(add(slow, 1, 'x')).rejects.toThrow(ContentionError)
    expect(await c.get('a')).toMatchObject({ version: rivals, handled: [] })
    expect(await bench.store.outbox.pending(10)).toEqual([])
  })
}
