import { expect, test } from '@jest/globals'
import { documentBytesMax, handledMax, limitMax } from '../store.ts'
import { useStore, type Engine } from './engines.ts'
import { event, idsOf, type Purse } from './purse.ts'

export function documents(engine: Engine): void {
  const bench = useStore(engine)
  const purses = () => bench.store.collection<Purse>('purses')

  test('a document is there once it is written, and each write makes the next version', async () => {
    const c = await purses()
    expect(await c.get('a')).toBeUndefined()
    expect(await c.write({ id: 'a', expectedVersion: 0, state: { sum: 1 }, causeId: 'x' })).toBe(true)
    expect(await c.get('a')).toEqual({ id: 'a', version: 1, state: { sum: 1 }, handled: ['x'] })
    expect(await c.write({ id: 'a', expectedVersion: 1, state: { sum: 2 } })).toBe(true)
    expect(await c.get('a')).toEqual({ id: 'a', version: 2, state: { sum: 2 }, handled: ['x'] })
  })

  test.each([0, 2])('a write that expects version %i of a document at 1 changes nothing', async (expectedVersion) => {
    const c = await purses()
    await c.write({ id: 'a', expectedVersion: 0, state: { sum: 1 } })
    const late = { id: 'a', expectedVersion, state: { sum: 9 }, causeId: 'late', events: [event('a', 2)] }
    expect(await c.write(late)).toBe(false)
    expect(await c.get('a')).toEqual({ id: 'a', version: 1, state: { sum: 1 }, handled: [] })
    expect(await bench.store.outbox.pending(10)).toEqual([])
  })

  test('a write that expects a version of a document that is not there changes nothing', async () => {
    const c = await purses()
    expect(await c.write({ id: 'a', expectedVersion: 1, state: { sum: 1 } })).toBe(false)
    expect(await c.count()).toBe(0)
  })

  test.each([0, 1])('of 20 rivals that expect version %i one wins', async (expectedVersion) => {
    const c = await purses()
    if (expectedVersion > 0) await c.write({ id: 'a', expectedVersion: 0, state: { sum: -1 } })
    const rivals = Array.from({ length: 20 }, (_, sum) => ({
      id: 'a',
      expectedVersion,
      state: { sum },
      causeId: `${sum}`,
    }))
    const won = await Promise.all(rivals.map((rival) => c.write(rival)))
    expect(won.filter(Boolean)).toHaveLength(1)
    const sum = won.indexOf(true)
    expect(await c.get('a')).toEqual({ id: 'a', version: expectedVersion + 1, state: { sum }, handled: [`${sum}`] })
  })

  test('a state comes back as JSON has it', async () => {
    const c = await bench.store.collection<unknown>('anything')
    const state = {
      'a.b': { $set: [1, 0.1, 2 ** 40, -5, null, true] },
      '': 'ü😀',
      deep: [[{ a: {} }]],
      _id: 'x',
      $x: 1,
    }
    await c.write({ id: 'a.$b', expectedVersion: 0, state: { ...state, gone: undefined } })
    await c.write({ id: 'a.$b', expectedVersion: 1, state })
    expect((await c.get('a.$b'))?.state).toStrictEqual(state)
  })

  test('the causes of the last writes are remembered, and no more', async () => {
    const c = await purses()
    const causes = Array.from({ length: handledMax + 5 }, (_, n) => `cause-${n}`)
    for (const [expectedVersion, causeId] of causes.entries())
      await c.write({ id: 'a', expectedVersion, state: { sum: 0 }, causeId })
    expect((await c.get('a'))?.handled).toEqual(causes.slice(-handledMax))
  })

  test('a document without a bound is refused', async () => {
    const c = await bench.store.collection<string>('texts')
    await c.write({ id: 'a', expectedVersion: 0, state: 'x'.repeat(documentBytesMax - 2) })
    const tooLong = 'ü'.repeat(documentBytesMax / 2)
    await expect(c.write({ id: 'a', expectedVersion: 1, state: tooLong })).rejects.toThrow('no bound')
    await expect(c.keepNewest('a', 2, tooLong)).rejects.toThrow('no bound')
    expect((await c.get('a'))?.version).toBe(1)
  })

  test('a document carries no events of another', async () => {
    const c = await purses()
    const write = c.write({ id: 'a', expectedVersion: 0, state: { sum: 0 }, events: [event('b', 1)] })
    await expect(write).rejects.toThrow('not of the document')
    expect(await c.get('a')).toBeUndefined()
  })

  test('keepNewest: the highest version stays, in whatever order they come', async () => {
    const c = await purses()
    expect(await c.keepNewest('a', 3, { sum: 3 })).toBe(true)
    expect(await c.keepNewest('a', 2, { sum: 2 })).toBe(false)
    expect(await c.keepNewest('a', 3, { sum: 33 })).toBe(false)
    expect(await c.keepNewest('a', 7, { sum: 7 })).toBe(true)
    expect(await c.get('a')).toEqual({ id: 'a', version: 7, state: { sum: 7 }, handled: [] })
    const versions = [4, 9, 1, 10, 3, 8, 2, 7, 6, 5]
    await Promise.all(versions.map((version) => c.keepNewest('b', version, { sum: version })))
    expect(await c.get('b')).toMatchObject({ version: 10, state: { sum: 10 } })
  })

  test('remove takes away the version that was seen, and only that', async () => {
    const c = await purses()
    await c.write({ id: 'a', expectedVersion: 0, state: { sum: 1 } })
    expect(await c.remove('a', 2)).toBe(false)
    expect(await c.count()).toBe(1)
    expect(await c.remove('a', 1)).toBe(true)
    expect(await c.remove('a', 1)).toBe(false)
    expect(await c.get('a')).toBeUndefined()
    expect(await c.write({ id: 'a', expectedVersion: 0, state: { sum: 2 } })).toBe(true)
  })

  test('pages go through all documents in order of id, and are never longer than asked for', async () => {
    const c = await purses()
    const ids = Array.from({ length: 23 }, (_, n) => `p${String(n).padStart(2, '0')}`)
    await Promise.all(ids.toReversed().map((id) => c.write({ id, expectedVersion: 0, state: { sum: 0 } })))
    const seen: string[] = []
    for (
      let page = await c.page({ limit: 10 });
      page.length > 0;
      page = await c.page({ after: seen.at(-1), limit: 10 })
    ) {
      expect(page.length).toBeLessThanOrEqual(10)
      seen.push(...idsOf(page))
    }
    expect(seen).toEqual(ids)
    expect(await c.count()).toBe(23)
    expect(await c.page({ limit: limitMax * 2 })).toHaveLength(23)
    expect(await c.page({ limit: 0 })).toHaveLength(1)
  })

  test('a second opening finds everything, and collections do not mix', async () => {
    const [c, others] = [await purses(), await bench.store.collection<Purse>('others')]
    await c.write({ id: 'a', expectedVersion: 0, state: { sum: 1 }, causeId: 'x' })
    await others.write({ id: 'a', expectedVersion: 0, state: { sum: 2 } })
    await bench.store.ping()
    const again = await bench.reopen()
    expect(await (await again.collection('purses')).get('a')).toEqual(await c.get('a'))
    expect(await (await again.collection('others')).get('a')).toMatchObject({ state: { sum: 2 }, handled: [] })
    expect(again.engine).toBe(engine.name)
  })

  test.each(['a b', '', 'x; drop table', '1st'])('%j is no name for a collection', async (name) => {
    await expect(bench.store.collection(name)).rejects.toThrow('not a plain name')
  })
}
