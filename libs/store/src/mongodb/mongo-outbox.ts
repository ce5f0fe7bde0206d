import { MongoBulkWriteError, ObjectId, type Collection as Documents, type Db } from 'mongodb'
import type { Envelope } from '@meetcoop/contracts'
import { boundedLimit } from '../document.ts'
import type { Outbox } from '../store.ts'

/** What a document tells the relay. */
type Pending = { _id: string; outbox: Envelope[]; pendingSinceMs?: number }
type Logged = { _id: string; at: string; envelope: Envelope }

export type MongoOutbox = Outbox & {
  /** Adds the collection to those that are looked into. */
  watch(name: string): void
  /** Keeps what a document that is being removed has not published. */
  keepEventsOf(id: string, events: readonly Envelope[]): Promise<void>
}

/** The outbox is spread over the documents; what is published moves to a log. */
export async function openOutbox(db: Db): Promise<MongoOutbox> {
  const removed = db.collection<Pending>('outbox_removed')
  const log = db.collection<Logged>('outbox_log')
  await removed.createIndex({ pendingSinceMs: 1 }, { name: 'pending', sparse: true })
  await log.createIndex({ at: 1 }, { name: 'at' })
  const watched = new Map([['', removed]])
  const watch = (name: string) => void watched.set(name, db.collection<Pending>(name))
  for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray())
    if (name.startsWith(documentsPrefix)) watch(name)
  const everywhere = <T>(ask: (documents: Documents<Pending>) => Promise<T>) =>
    Promise.all([...watched.values()].map(ask))

  return {
    watch,
    keepEventsOf: async (id, events) => {
      if (!events[0]) return
      const change = { $push: { outbox: { $each: [...events] } }, $min: { pendingSinceMs: events[0].occurredAtMs } }
      await removed.updateOne({ _id: id }, change, { upsert: true })
    },
    pending: async (limit) => {
      const most = boundedLimit(limit)
      const options = {
        projection: { outbox: { $slice: most }, pendingSinceMs: 1 },
        sort: { pendingSinceMs: 1 as const },
        limit: most,
      }
      const found = await everywhere((documents) => documents.find({ pendingSinceMs: { $gte: 0 } }, options).toArray())
      const oldestFirst = found.flat().sort((a, b) => (a.pendingSinceMs ?? 0) - (b.pendingSinceMs ?? 0))
      // An event of a document that is just being removed is seen in both places.
      const events = new Map(oldestFirst.flatMap(({ outbox }) => outbox).map((event) => [event.id, event]))
      return [...events.values()].slice(0, most)
    },
    published: async (events, atMs) => {
      const ids = events.map((event) => event.id)
      const from = { _id: { $in: [...new Set(events.map((event) => event.aggregateId))] } }
      await append(log, events, atMs)
      await everywhere((documents) => documents.updateMany(from, { $pull: { outbox: { id: { $in: ids } } } }))
      await everywhere((documents) =>
        documents.updateMany({ ...from, outbox: { $size: 0 } }, { $unset: { pendingSinceMs: '' } }),
      )
      await removed.deleteMany({ ...from, outbox: { $size: 0 } })
    },
    log: async (after, limit) => {
      const most = boundedLimit(limit)
      const rows = await log
        .find(after === undefined ? {} : { at: { $gt: after } }, { sort: { at: 1 }, limit: most })
        .toArray()
      const events = rows.map((row) => row.envelope)
      const last = rows.at(-1)
      return rows.length < most || !last ? { events } : { events, after: last.at }
    },
    prune: async (beforeMs) => (await log.deleteMany({ at: { $lt: moment(beforeMs) } })).deletedCount,
  }
}

export const documentsPrefix = 'docs_'

// Texts that sort like times, the earliest time first.
const moment = (ms: number) => Math.max(0, ms).toString(16).padStart(12, '0')

/** Events that another relay has logged before stay as they are. */
async function append(log: Documents<Logged>, events: readonly Envelope[], atMs: number): Promise<void> {
  const rows = events.map((envelope) => ({
    _id: envelope.id,
    at: `${moment(atMs)}.${new ObjectId().toHexString()}`,
    envelope,
  }))
  if (rows.length === 0) return
  try {
    await log.insertMany(rows, { ordered: false })
  } catch (error) {
    const failures = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : []
    if (failures.length === 0 || failures.some(({ code }) => code !== 11000)) throw error
  }
}
