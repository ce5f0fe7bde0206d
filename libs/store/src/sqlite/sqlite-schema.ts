import type { DatabaseSync } from 'node:sqlite'
import { indexValue } from '../document.ts'
import { limitMax, type Indexes } from '../store.ts'

/** The indexes a row was written with, so that rows written by another version of the program are seen. */
export const indexedBy = <S>(indexes: Indexes<S>): string => Object.keys(indexes).sort().join(',')

/** Makes the table, a column for each index, and fills the columns of rows that were written without them. */
export function migrate<S>(db: DatabaseSync, name: string, indexes: Indexes<S>): void {
  db.exec(`create table if not exists ${name} (
    id text primary key, version integer not null, state text not null, handled text not null, indexed text not null
  )`)
  const columns = db.prepare('select name from pragma_table_info(?)').all(name)
  const present = new Set(columns.map((column) => column.name))
  for (const index of Object.keys(indexes)) {
    if (!present.has(`ix_${index}`)) db.exec(`alter table ${name} add column ix_${index}`)
    db.exec(`create index if not exists ${name}_${index} on ${name} (ix_${index}, id) where ix_${index} is not null`)
  }
  backfill(db, name, indexes)
}

function backfill<S>(db: DatabaseSync, name: string, indexes: Indexes<S>): void {
  const columns = Object.keys(indexes)
  const by = indexedBy(indexes)
  const stale = db.prepare(`select id, state from ${name} where indexed <> ? limit ${limitMax}`)
  const set = ['indexed', ...columns.map((index) => `ix_${index}`)].map((column) => `${column} = ?`)
  const fill = db.prepare(`update ${name} set ${set.join(', ')} where id = ?`)
  const batch = () => stale.all(by) as { id: string; state: string }[]
  for (let rows = batch(); rows.length > 0; rows = batch())
    for (const { id, state } of rows)
      fill.run(by, ...columns.map((index) => indexValue(indexes, index, JSON.parse(state) as S)), id)
}
