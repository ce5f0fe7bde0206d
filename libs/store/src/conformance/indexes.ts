import { expect, test } from '@jest/globals'
import type { Collection, Store } from '../store.ts'
import { useStore, type Engine } from './engines.ts'
import { idsOf } from './purse.ts'

type Room = { owner: string; seats: number | null }

const byOwner = { owner: (room: Room) => room.owner }
const byBoth = { ...byOwner, seats: (room: Room) => room.seats }

export function indexes(engine: Engine): void {
  const bench = useStore(engine)
  const rows: [id: string, room: Room][] = [
    ['r4', { owner: 'zoe', seats: null }],
    ['r1', { owner: 'ada', seats: 100 }],
    ['r3', { owner: 'ben', seats: 20 }],
    ['r2', { owner: 'ada', seats: -3.5 }],
  ]
  const fill = async (c: Collection<Room>) => {
    for (const [id, state] of rows) await c.write({ id, expectedVersion: 0, state })
  }
  const opened = async (store: Store, indexes = byBoth) => store.collection<Room>('rooms', indexes)

  test.each<[index: 'owner' | 'seats', range: { from?: string | number; to?: string | number }, ids: string[]]>([
    ['owner', {}, ['r1', 'r2', 'r3', 'r4']],
    ['owner', { from: 'ada', to: 'ada' }, ['r1', 'r2']],
    ['owner', { from: 'b' }, ['r3', 'r4']],
    ['owner', { to: 'ben' }, ['r1', 'r2', 'r3']],
    ['owner', { from: 'x', to: 'b' }, []],
    ['seats', {}, ['r2', 'r3', 'r1']],
    ['seats', { from: 20 }, ['r3', 'r1']],
    ['seats', { from: -10, to: 20 }, ['r2', 'r3']],
  ])('by %s %j it finds %j', async (index, range, ids) => {
    const c = await opened(bench.store)
    await fill(c)
    expect(idsOf(await c.find(index, range, 10))).toEqual(ids)
    expect(idsOf(await c.find(index, range, 2))).toEqual(ids.slice(0, 2))
  })

  test('a document is found by what it is now, no longer by what it was', async () => {
    const c = await opened(bench.store)
    await fill(c)
    await c.write({ id: 'r1', expectedVersion: 1, state: { owner: 'zoe', seats: 1 } })
    await c.keepNewest('r2', 5, { owner: 'zoe', seats: null })
    await c.remove('r3', 1)
    expect(idsOf(await c.find('owner', { from: 'zoe', to: 'zoe' }, 10))).toEqual(['r1', 'r2', 'r4'])
    expect(await c.find('owner', { to: 'y' }, 10)).toEqual([])
    expect(await c.find('seats', {}, 10)).toEqual([await c.get('r1')])
  })

  test('an index that is not declared is an error', async () => {
    const c = await opened(bench.store)
    await expect(c.find('colour', {}, 1)).rejects.toThrow('no index colour')
  })

  test('a further index finds what was written before there was one', async () => {
    await fill(await bench.store.collection<Room>('rooms', byOwner))
    const c = await opened(await bench.reopen())
    expect(idsOf(await c.find('seats', {}, 10))).toEqual(['r2', 'r3', 'r1'])
    expect(idsOf(await c.find('owner', {}, 10))).toEqual(['r1', 'r2', 'r3', 'r4'])
  })

  test('an index stays true when a program that does not know it has written in between', async () => {
    await fill(await opened(bench.store))
    const older = await (await bench.reopen()).collection<Room>('rooms', byOwner)
    await older.write({ id: 'r1', expectedVersion: 1, state: { owner: 'ada', seats: 1 } })
    await older.write({ id: 'r5', expectedVersion: 0, state: { owner: 'eve', seats: 2 } })
    const c = await opened(await bench.reopen())
    expect(idsOf(await c.find('seats', {}, 10))).toEqual(['r2', 'r1', 'r5', 'r3'])
  })

  test('names that are no plain words are refused', async () => {
    await expect(bench.store.collection('rooms', { 'a.b': () => 1 })).rejects.toThrow('not a plain name')
  })
}
