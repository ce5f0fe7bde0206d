import { expect, test } from '@jest/globals'
import type { Envelope } from '@meetcoop/contracts'
import type { Collection, Store } from '../store.ts'
import { useStore, type Engine } from './engines.ts'
import { event, idsOf, type Purse } from './purse.ts'

const write = (c: Collection<Purse>, id: string, version: number, events = [event(id, version)]) =>
  c.write({ id, expectedVersion: version - 1, state: { sum: version }, events })

const ofAggregate = (events: readonly Envelope[], id: string) => idsOf(events.filter((e) => e.aggregateId === id))

async function wholeLog(store: Store, limit: number): Promise<Envelope[]> {
  const all: Envelope[] = []
  let page: Awaited<ReturnType<Store['outbox']['log']>> = { events: [] }
  do {
    page = await store.outbox.log(page.after, limit)
    expect(page.events.length).toBeLessThanOrEqual(limit)
    all.push(...page.events)
  } while (page.after !== undefined)
  return all
}

export function outbox(engine: Engine): void {
  const bench = useStore(engine)
  const purses = () => bench.store.collection<Purse>('purses')

  test('events come as they were written, those of one aggregate in order', async () => {
    const c = await purses()
    const rooms = await bench.store.collection<Purse>('rooms')
    for (let version = 1; version <= 12; version++) {
      await write(c, 'a', version, [event('a', version, 0), event('a', version, 1)])
      await write(rooms, 'b', version)
    }
    const pending = await bench.store.outbox.pending(100)
    expect(pending).toHaveLength(36)
    expect(pending).toContainEqual(event('a', 7, 1))
    const versions = Array.from({ length: 12 }, (_, n) => n + 1)
    expect(ofAggregate(pending, 'a')).toEqual(versions.flatMap((v) => [`a.${v}.0`, `a.${v}.1`]))
    expect(ofAggregate(pending, 'b')).toEqual(versions.map((v) => `b.${v}.0`))
    const first = await bench.store.outbox.pending(5)
    expect(first).toHaveLength(5)
    expect(ofAggregate(first, 'a')).toEqual(ofAggregate(pending, 'a').slice(0, ofAggregate(first, 'a').length))
  })

  test('what is published is in the log and pending no more; the rest stays', async () => {
    const c = await purses()
    for (const version of [1, 2, 3]) await write(c, 'a', version)
    await write(c, 'b', 1)
    await bench.store.outbox.published([event('a', 1), event('a', 2)], 5_000)
    expect(idsOf(await bench.store.outbox.pending(10)).sort()).toEqual(['a.3.0', 'b.1.0'])
    await bench.store.outbox.published([event('b', 1)], 6_000)
    await bench.store.outbox.published([event('a', 3)], 6_000)
    expect(await bench.store.outbox.pending(10)).toEqual([])
    const log = await wholeLog(bench.store, 2)
    expect(ofAggregate(log, 'a')).toEqual(['a.1.0', 'a.2.0', 'a.3.0'])
    expect(ofAggregate(log, 'b')).toEqual(['b.1.0'])
    expect(log[0]).toEqual(event('a', 1))
    await write(c, 'a', 4)
    expect(idsOf(await bench.store.outbox.pending(10))).toEqual(['a.4.0'])
  })

  test('who reads the log along misses nothing that was published late', async () => {
    const c = await purses()
    await write(c, 'late', 1)
    for (const id of ['a', 'b']) await write(c, id, 1)
    await bench.store.outbox.published([event('a', 1), event('b', 1)], 5_000)
    const { after } = await bench.store.outbox.log(undefined, 2)
    await bench.store.outbox.published([event('late', 1)], 6_000)
    expect(await bench.store.outbox.log(after, 2)).toEqual({ events: [event('late', 1)] })
  })

  test('published twice is logged once, and only what is older is forgotten', async () => {
    const c = await purses()
    for (const version of [1, 2]) await write(c, 'a', version)
    await bench.store.outbox.published([event('a', 1)], 5_000)
    await bench.store.outbox.published([event('a', 1), event('a', 2)], 6_000)
    await bench.store.outbox.published([], 7_000)
    expect(idsOf(await wholeLog(bench.store, 10))).toEqual(['a.1.0', 'a.2.0'])
    expect(await bench.store.outbox.prune(6_000)).toBe(1)
    expect(idsOf(await wholeLog(bench.store, 10))).toEqual(['a.2.0'])
    expect(await bench.store.outbox.prune(6_001)).toBe(1)
  })

  test('after a crash between publishing and taking off, the event is pending again under the same id', async () => {
    const c = await purses()
    await write(c, 'a', 1)
    const onTheBus = await bench.store.outbox.pending(10)
    const again = await bench.reopen()
    expect(await again.outbox.pending(10)).toEqual(onTheBus)
  })

  test('events of a document that is removed are published all the same', async () => {
    const c = await purses()
    for (const version of [1, 2, 3]) await write(c, 'a', version)
    await bench.store.outbox.published([event('a', 1)], 5_000)
    expect(await c.remove('a', 3)).toBe(true)
    const pending = await (await bench.reopen()).outbox.pending(10)
    expect(idsOf(pending)).toEqual(['a.2.0', 'a.3.0'])
    await bench.store.outbox.published(pending, 6_000)
    expect(await bench.store.outbox.pending(10)).toEqual([])
    expect(idsOf(await wholeLog(bench.store, 10))).toEqual(['a.1.0', 'a.2.0', 'a.3.0'])
  })

  test('a projection kept over an aggregate loses none of its events', async () => {
    const c = await purses()
    await write(c, 'a', 1)
    await c.keepNewest('a', 5, { sum: 5 })
    expect(idsOf(await bench.store.outbox.pending(10))).toEqual(['a.1.0'])
  })

  test('the listener hears of writes that left events, and of no others', async () => {
    const c = await purses()
    let heard = 0
    bench.store.onEvents(() => heard++)
    await write(c, 'a', 1)
    await write(c, 'a', 1)
    await c.write({ id: 'b', expectedVersion: 0, state: { sum: 0 } })
    expect(heard).toBe(1)
  })
}
