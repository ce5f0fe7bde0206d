import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Collection, Stored } from '../store.ts'
import { useStore, type Engine } from './engines.ts'
import { idsOf } from './purse.ts'

type Row = { key: number | null; text: string }
type Step = { id: string; version: number; state: Row; act: 'write' | 'keepNewest' | 'remove' }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    version: fc.integer({ min: 1, max: 5 }),
    state: fc.record({ key: fc.option(fc.integer({ min: -3, max: 3 })), text: fc.string() }),
    act: fc.constantFrom('write', 'write', 'keepNewest', 'remove'),
  }),
  { maxLength: 25 },
)

type Model = Map<string, Stored<Row>>

function expected(model: Model, { id, version, state, act }: Step): boolean {
  const there = model.get(id)
  const at = there?.version ?? 0
  const put = (version: number) => model.set(id, { id, version, state, handled: [] })
  if (act === 'write') return at === version - 1 && put(version) === model
  if (act === 'keepNewest') return at < version && put(version) === model
  return there !== undefined && at === version && model.delete(id)
}

const actual = (c: Collection<Row>, { id, version, state, act }: Step): Promise<boolean> => {
  if (act === 'write') return c.write({ id, expectedVersion: version - 1, state })
  return act === 'keepNewest' ? c.keepNewest(id, version, state) : c.remove(id, version)
}

export function model(engine: Engine): void {
  const bench = useStore(engine)

  test('whatever is written in whatever order, the collection is what a map would be', async () => {
    let runs = 0
    const agrees = async (sequence: Step[]) => {
      const c = await bench.store.collection<Row>(`run_${runs++}`, { key: (row) => row.key })
      const map: Model = new Map()
      for (const step of sequence) expect(await actual(c, step)).toBe(expected(map, step))
      const rows = [...map.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
      expect(await c.page({ limit: 10 })).toEqual(rows)
      const found = rows.filter((row) => row.state.key !== null && row.state.key >= -1)
      found.sort((a, b) => Number(a.state.key) - Number(b.state.key))
      expect(idsOf(await c.find('key', { from: -1 }, 10))).toEqual(idsOf(found))
    }
    await fc.assert(fc.asyncProperty(steps, agrees), { numRuns: engine.name === 'sqlite' ? 100 : 10 })
  })
}
