import type { DatabaseSync } from 'node:sqlite'
import type { Envelope } from '@meetcoop/contracts'
import { boundedLimit } from '../document.ts'
import type { Outbox } from '../store.ts'

type Row = { seq: number; envelope: string; published_at: number }

const envelopes = (rows: unknown[]) => (rows as Row[]).map((row) => JSON.parse(row.envelope) as Envelope)

/** The outbox is a table: rows not yet published are pending, the others are the event log. */
export function openOutbox(db: DatabaseSync): Outbox & { append(events: readonly Envelope[]): void } {
  db.exec(`
    create table if not exists outbox (
      seq integer primary key autoincrement, id text not null unique, envelope text not null, published_at integer
    ) strict;
    create index if not exists outbox_pending on outbox (seq) where published_at is null;
    create index if not exists outbox_published on outbox (published_at) where published_at is not null;
  `)
  const insert = db.prepare('insert into outbox (id, envelope) values (?, ?)')
  const pending = db.prepare('select seq, envelope from outbox where published_at is null order by seq limit ?')
  const mark = db.prepare(
    'update outbox set published_at = ? where published_at is null and id in (select value from json_each(?))',
  )
  const log = db.prepare(
    `select seq, envelope, published_at from outbox where published_at >= ? and (published_at, seq) > (?, ?)
     order by published_at, seq limit ?`,
  )
  const prune = db.prepare('delete from outbox where published_at < ?')
  return {
    append: (events) => events.forEach((event) => insert.run(event.id, JSON.stringify(event))),
    pending: async (limit) => envelopes(pending.all(boundedLimit(limit))),
    published: async (events, atMs) => void mark.run(atMs, JSON.stringify(events.map((event) => event.id))),
    // In order of publication: an event that had to wait its turn still comes after the cursor of who reads along.
    log: async (after, limit) => {
      const [atMs = 0, seq = 0] = after?.split('.').map(Number) ?? []
      const rows = log.all(atMs, atMs, seq, boundedLimit(limit)) as Row[]
      const last = rows.at(-1)
      const complete = rows.length < boundedLimit(limit) || !last
      return complete
        ? { events: envelopes(rows) }
        : { events: envelopes(rows), after: `${last.published_at}.${last.seq}` }
    },
    prune: async (beforeMs) => Number(prune.run(beforeMs).changes),
  }
}
