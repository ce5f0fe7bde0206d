import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Envelope } from '@meetcoop/contracts'
import { assertOwnEvents, assertPlainNames, boundedLimit, encodeState, indexValue, remember } from '../document.ts'
import type { Collection, Indexes, Stored } from '../store.ts'
import { indexedBy, migrate } from './sqlite-schema.ts'

type Row = { id: string; version: number; state: string; handled: string }

type Access = {
  db: DatabaseSync
  transaction<T>(work: () => T): T
  append(events: readonly Envelope[]): void
  wake(): void
}

const stored = <S>(row: Row): Stored<S> => ({
  id: row.id,
  version: row.version,
  state: JSON.parse(row.state) as S,
  handled: JSON.parse(row.handled) as string[],
})

/** A table with a column for each index; the document's state is JSON. */
export function openCollection<S>(name: string, indexes: Indexes<S>, access: Access): Collection<S> {
  const { db, transaction } = access
  assertPlainNames(name, ...Object.keys(indexes))
  const table = `docs_${name}`
  transaction(() => migrate(db, table, indexes))
  const { insert, replace, outdo } = prepareWrites(db, table, indexes)
  const finders = prepareFinders(db, table, indexes)
  const select = db.prepare(`select id, version, state, handled from ${table} where id = ?`)
  const handledOf = db.prepare(`select handled from ${table} where id = ?`)
  const next = db.prepare(`select id, version, state, handled from ${table} where id > ? order by id limit ?`)
  const drop = db.prepare(`delete from ${table} where id = ? and version = ?`)
  const total = db.prepare(`select count(*) as n from ${table}`)
  const handledBy = (id: string) => JSON.parse((handledOf.get(id) as Row | undefined)?.handled ?? '[]') as string[]

  return {
    get: async (id) => {
      const row = select.get(id) as Row | undefined
      return row && stored<S>(row)
    },
    write: async ({ id, expectedVersion, state, causeId, events = [] }) => {
      assertOwnEvents(id, events)
      const written = transaction(() => {
        const values = [expectedVersion + 1, state, remember(handledBy(id), causeId)] as const
        const done = expectedVersion === 0 ? insert(id, ...values) : replace(id, expectedVersion, ...values)
        if (done) access.append(events)
        return done
      })
      if (written && events.length > 0) access.wake()
      return written
    },
    keepNewest: async (id, version, state) =>
      transaction(() => {
        const values = [version, state, handledBy(id)] as const
        return insert(id, ...values) || outdo(id, version, ...values)
      }),
    remove: async (id, expectedVersion) => drop.run(id, expectedVersion).changes === 1,
    find: async (index, { from = -Infinity, to = highest }, limit) => {
      const finder = finders.get(index)
      if (!finder) throw new Error(`${name} has no index ${index}`)
      return (finder.all(from, to, boundedLimit(limit)) as Row[]).map((row) => stored<S>(row))
    },
    page: async ({ after = '', limit }) => (next.all(after, boundedLimit(limit)) as Row[]).map((row) => stored<S>(row)),
    count: async () => (total.get() as { n: number }).n,
  }
}

// SQLite orders numbers before texts, and texts before blobs.
const highest = new Uint8Array(0)

function prepareWrites<S>(db: DatabaseSync, table: string, indexes: Indexes<S>) {
  const names = Object.keys(indexes)
  const fields = ['version', 'state', 'handled', 'indexed', ...names.map((index) => `ix_${index}`)]
  const add = db.prepare(
    `insert or ignore into ${table} (id, ${fields.join(', ')}) values (?, ${fields.map(() => '?').join(', ')})`,
  )
  const update = (guard: string) =>
    db.prepare(`update ${table} set ${fields.map((f) => `${f} = ?`).join(', ')} where id = ? and version ${guard} ?`)
  const same = update('=')
  const lower = update('<')
  type Values = [version: number, state: S, handled: readonly string[]]
  const bind = ([version, state, handled]: Values): SQLInputValue[] => [
    version,
    encodeState(state),
    JSON.stringify(handled),
    indexedBy(indexes),
    ...names.map((index) => indexValue(indexes, index, state)),
  ]
  return {
    insert: (id: string, ...values: Values) => add.run(id, ...bind(values)).changes === 1,
    replace: (id: string, expected: number, ...values: Values) => same.run(...bind(values), id, expected).changes === 1,
    outdo: (id: string, above: number, ...values: Values) => lower.run(...bind(values), id, above).changes === 1,
  }
}

const prepareFinders = <S>(db: DatabaseSync, table: string, indexes: Indexes<S>) =>
  new Map(
    Object.keys(indexes).map((index) => [
      index,
      db.prepare(
        `select id, version, state, handled from ${table} where ix_${index} >= ? and ix_${index} <= ?
         order by ix_${index}, id limit ?`,
      ),
    ]),
  )
