import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Store } from '../store.ts'
import { openCollection } from './sqlite-collection.ts'
import { openOutbox } from './sqlite-outbox.ts'

/** One writer at a time, and it waits this long for another process that looks into the file. */
const busyTimeoutMs = 5_000

/**
 * A store in one file, for a co-op on one machine. Every write is on the disk before it is answered
 * (WAL, `synchronous=FULL`).
 */
export function openSqliteStore(path: string): Store {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(path, { timeout: busyTimeoutMs })
  db.exec('pragma journal_mode = wal; pragma synchronous = full')
  db.exec('create table if not exists pinged (one integer primary key, at integer) strict')
  const outbox = openOutbox(db)
  let wake: () => void = () => {}
  const transaction = <T>(work: () => T): T => {
    db.exec('begin immediate')
    try {
      const result = work()
      db.exec('commit')
      return result
    } catch (error) {
      if (db.isTransaction) db.exec('rollback')
      throw error
    }
  }
  return {
    engine: 'sqlite',
    collection: async (name, indexes) =>
      openCollection(name, indexes ?? {}, { db, transaction, append: outbox.append, wake: () => wake() }),
    outbox,
    onEvents: (listener) => (wake = listener),
    // A full disk or a read-only file shows only when something is written.
    ping: async () => transaction(() => db.exec('insert or replace into pinged values (1, unixepoch())')),
    close: async () => db.close(),
  }
}
