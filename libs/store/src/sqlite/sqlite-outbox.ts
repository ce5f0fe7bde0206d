import type { DatabaseSync } from 'node:sqlite'
import type { Envelope } from '@meetcoop/contracts'
import type { Outbox } from '../store.ts'

type Row = { seq: number; envelope: string }

/** The outbox is a table: rows not yet published are pending, the others are the event log. */
export function openOutbox(db: DatabaseSync): Outbox & { append(events: readonly Envelope[]): void } {
  db.exec(`
    create table if not exists outbox (
      seq integer primary key autoincrement, id text not null unique, envelope text not null, published_at integer
    ) strict;
    create index if not exists outbox_pending on outbox (seq) where published_at is null;
    create index if not exists outbox_published on outbox (published_at) where published_at is not null;
    create table if not exists pinged (one integer primary key, at integer) strict;
  `)
  const insert = db.prepare('insert into outbox (id, envelope) values (?, ?)')
  const pending = db.prepare('select seq, envelope from outbox where published_at is null order by seq limit ?')
  const mark = db.prepare(
    'update outbox set published_at = ? where published_at is null and id in (select value from json_each(?))',
  )
  const log = db.prepare(
    'select seq, envelope from outbox where seq > ? and published_at is not null order by seq limit ?',
  )
  const prune = db.prepare('delete from outbox where published_at < ?')
  const envelopes = (rows: unknown[]) => (rows as Row[]).map((row) => JSON.parse(row.envelope) as Envelope)
  return {
    append: (events) => events.forEach((event) => insert.run(event.id, JSON.stringify(event))),
    pending: async (limit) => envelopes(pending.all(limit)),
    published: async (events, atMs) => void mark.run(atMs, JSON.stringify(events.map((event) => event.id))),
    log: async (after, limit) => {
      const rows = log.all(Number(after ?? 0), limit) as Row[]
      const events = envelopes(rows)
      return rows.length < limit ? { events } : { events, after: String(rows.at(-1)?.seq) }
    },
    prune: async (beforeMs) => Number(prune.run(beforeMs).changes),
  }
}
