import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Envelope } from '@meetcoop/contracts'
import { encodeState, indexValue, remember } from '../document.ts'
import { limitMax, type Collection, type Indexes, type Stored } from '../store.ts'

type Row = { id: string; version: number; state: string; handled: string }

type Access = {
  db: DatabaseSync
  transaction<T>(work: () => T): T
  append(events: readonly Envelope[]): void
  wake(): void
}

const identifier = /^[a-z][a-z0-9_]*$/
const stored = <S>(row: Row): Stored<S> => ({
  id: row.id,
  version: row.version,
  state: JSON.parse(row.state) as S,
  handled: JSON.parse(row.handled) as string[],
})

/** A table with a column for each index; the document's state is JSON. */
export function openCollection<S>(name: string, indexes: Indexes<S>, access: Access): Collection<S> {
  const { db, transaction } = access
  const names = Object.keys(indexes)
  const table = `docs_${name}`
  for (const word of [name, ...names]) if (!identifier.test(word)) throw new Error(`not a plain name: ${word}`)
  migrate(access, table, indexes)
  const columns = names.map((index) => `ix_${index}`)
  const fields = ['version', 'state', 'handled', ...columns]
  const insert = db.prepare(
    `insert or ignore into ${table} (id, ${fields.join(', ')}) values (?, ${fields.map(() => '?').join(', ')})`,
  )
  const update = (guard: string) =>
    db.prepare(`update ${table} set ${fields.map((f) => `${f} = ?`).join(', ')} where id = ? and version ${guard} ?`)
  const replace = update('=')
  const outdo = update('<')
  const select = db.prepare(`select id, version, state, handled from ${table} where id = ?`)
  const handledOf = db.prepare(`select handled from ${table} where id = ?`)
  const next = db.prepare(`select id, version, state, handled from ${table} where id > ? order by id limit ?`)
  const drop = db.prepare(`delete from ${table} where id = ? and version = ?`)
  const total = db.prepare(`select count(*) as n from ${table}`)
  const values = (version: number, state: S, handled: readonly string[]): SQLInputValue[] => [
    version,
    encodeState(state),
    JSON.stringify(handled),
    ...names.map((index) => indexValue(indexes, index, state)),
  ]
  const finders = new Map(
    names.map((index) => [
      index,
      db.prepare(
        `select id, version, state, handled from ${table} where ix_${index} >= ? and ix_${index} <= ?
         order by ix_${index}, id limit ?`,
      ),
    ]),
  )

  return {
    get: async (id) => {
      const row = select.get(id) as Row | undefined
      return row && stored<S>(row)
    },
    write: async ({ id, expectedVersion, state, causeId, events = [] }) => {
      const written = transaction(() => {
        const row = handledOf.get(id) as { handled: string } | undefined
        const handled = remember(JSON.parse(row?.handled ?? '[]') as string[], causeId)
        const bound = values(expectedVersion + 1, state, handled)
        const { changes } =
          expectedVersion === 0 ? insert.run(id, ...bound) : replace.run(...bound, id, expectedVersion)
        if (changes === 1) access.append(events)
        return changes === 1
      })
      if (written && events.length > 0) access.wake()
      return written
    },
    keepNewest: async (id, version, state) =>
      transaction(() => {
        const bound = values(version, state, [])
        return insert.run(id, ...bound).changes === 1 || outdo.run(...bound, id, version).changes === 1
      }),
    remove: async (id, expectedVersion) => drop.run(id, expectedVersion).changes === 1,
    find: async (index, { from = -Infinity, to }, limit) => {
      const finder = finders.get(index)
      if (!finder) throw new Error(`${name} has no index ${index}`)
      return (finder.all(from, to ?? highest, Math.min(limit, limitMax)) as Row[]).map((row) => stored<S>(row))
    },
    page: async ({ after = '', limit }) =>
      (next.all(after, Math.min(limit, limitMax)) as Row[]).map((row) => stored<S>(row)),
    count: async () => (total.get() as { n: number }).n,
  }
}

// SQLite orders numbers before texts, and texts before blobs.
const highest = new Uint8Array(0)

/** Makes the table, and the columns of indexes that an older version of the program did not have. */
function migrate<S>({ db, transaction }: Access, table: string, indexes: Indexes<S>): void {
  db.exec(`create table if not exists ${table} (
    id text primary key, version integer not null, state text not null, handled text not null
  )`)
  const present = new Set(
    (db.prepare(`select name from pragma_table_info(?)`).all(table) as { name: string }[]).map((c) => c.name),
  )
  const missing = Object.keys(indexes).filter((index) => !present.has(`ix_${index}`))
  for (const index of missing) db.exec(`alter table ${table} add column ix_${index}`)
  if (missing.length > 0)
    transaction(() => {
      const rows = db.prepare(`select id, state from ${table}`).all() as { id: string; state: string }[]
      const fill = db.prepare(`update ${table} set ${missing.map((i) => `ix_${i} = ?`).join(', ')} where id = ?`)
      for (const { id, state } of rows)
        fill.run(...missing.map((i) => indexValue(indexes, i, JSON.parse(state) as S)), id)
    })
  for (const index of Object.keys(indexes))
    db.exec(`create index if not exists ${table}_${index} on ${table} (ix_${index}, id) where ix_${index} is not null`)
}
