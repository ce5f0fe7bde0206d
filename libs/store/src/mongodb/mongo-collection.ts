import { randomUUID } from 'node:crypto'
import { MongoServerError, type Collection as Documents, type Filter, type UpdateFilter } from 'mongodb'
import { assertOwnEvents, assertPlainNames, boundedLimit } from '../document.ts'
import { handledMax, type Collection, type Indexes, type Range, type Write } from '../store.ts'
import { projection, toStored, writesMax, written, type MongoDocument } from './mongo-document.ts'
import type { MongoOutbox } from './mongo-outbox.ts'

/** A rival that inserts the same document first makes keepNewest look again. */
const attemptsMax = 8

const isDuplicate = (error: unknown) => error instanceof MongoServerError && error.code === 11000

type Access = { outbox: MongoOutbox; wake(): void }

/** A collection of documents, each with its own outbox, so that one write of one document is all there is. */
export function openCollection<S>(
  documents: Documents<MongoDocument<S>>,
  indexes: Indexes<S>,
  { outbox, wake }: Access,
): Collection<S> {
  type Doc = MongoDocument<S>
  assertPlainNames(...Object.keys(indexes))
  const byId = (id: string, more: Filter<Doc> = {}) => ({ _id: id, ...more }) as Filter<Doc>

  // A driver or a proxy may send a write twice: the second attempt misses although the first took effect.
  const tookEffect = async (id: string, writeId: string) =>
    (await documents.countDocuments(byId(id, { writes: writeId } as Filter<Doc>), { limit: 1 })) === 1

  const insert = async (write: Write<S>, writeId: string): Promise<boolean> => {
    try {
      await documents.insertOne(newDocument(write, writeId, indexes) as never)
      return true
    } catch (error) {
      if (isDuplicate(error)) return false
      throw error
    }
  }
  const replace = async (write: Write<S>, writeId: string): Promise<boolean> => {
    const here = byId(write.id, { version: write.expectedVersion } as Filter<Doc>)
    return (await documents.updateOne(here, changeOf(write, writeId, indexes))).matchedCount === 1
  }
  const raise = async (id: string, version: number, state: S, writeId: string): Promise<boolean> => {
    const lower = byId(id, { version: { $lt: version } } as Filter<Doc>)
    const change = {
      $set: { version, ...written(state, indexes) },
      $push: { writes: { $each: [writeId], $slice: -writesMax } },
    } as unknown as UpdateFilter<Doc>
    return (await documents.updateOne(lower, change)).matchedCount === 1
  }
  const list = async (filter: Filter<Doc>, order: Record<string, 1>, limit: number) =>
    (await documents.find(filter, { projection, sort: order, limit: boundedLimit(limit) }).toArray()).map((document) =>
      toStored<S>(document as Doc),
    )

  return {
    get: async (id) => {
      const document = await documents.findOne(byId(id), { projection })
      return document ? toStored<S>(document as Doc) : undefined
    },
    write: async (write) => {
      const { id, expectedVersion, events = [] } = write
      assertOwnEvents(id, events)
      const writeId = randomUUID()
      const done = expectedVersion === 0 ? await insert(write, writeId) : await replace(write, writeId)
      const wrote = done || (await tookEffect(id, writeId))
      if (wrote && events.length > 0) wake()
      return wrote
    },
    keepNewest: async (id, version, state) => {
      const writeId = randomUUID()
      for (let attempt = 1; attempt <= attemptsMax; attempt++) {
        if (await raise(id, version, state, writeId)) return true
        const there = await documents.findOne(byId(id), { projection: { version: 1, writes: 1 } })
        if (there?.writes.includes(writeId)) return true
        if (there && there.version >= version) return false
        if (!there && (await insert({ id, expectedVersion: version - 1, state }, writeId))) return true
      }
      throw new Error(`too many writers at ${id}`)
    },
    remove: async (id, expectedVersion) => {
      const here = byId(id, { version: expectedVersion } as Filter<Doc>)
      const document = await documents.findOne(here, { projection: { outbox: 1 } })
      if (!document) return false
      await outbox.keepEventsOf(id, document.outbox)
      return (await documents.deleteOne(here)).deletedCount === 1
    },
    find: async (index, range, limit) => {
      if (!(index in indexes)) throw new Error(`${documents.collectionName} has no index ${index}`)
      return list({ [`ix.${index}`]: within(range) } as Filter<Doc>, { [`ix.${index}`]: 1, _id: 1 }, limit)
    },
    page: async ({ after = '', limit }) => list({ _id: { $gt: after } } as Filter<Doc>, { _id: 1 }, limit),
    count: () => documents.countDocuments(),
  }
}

const within = ({ from, to }: Range) => ({
  $ne: null,
  ...(from === undefined ? {} : { $gte: from }),
  ...(to === undefined ? {} : { $lte: to }),
})

function newDocument<S>(write: Write<S>, writeId: string, indexes: Indexes<S>): MongoDocument<S> {
  const { id, expectedVersion, state, causeId, events = [] } = write
  return {
    _id: id,
    version: expectedVersion + 1,
    ...written(state, indexes),
    handled: causeId === undefined ? [] : [causeId],
    writes: [writeId],
    outbox: [...events],
    ...(events[0] ? { pendingSinceMs: events[0].occurredAtMs } : {}),
  }
}

function changeOf<S>(write: Write<S>, writeId: string, indexes: Indexes<S>): UpdateFilter<MongoDocument<S>> {
  const { expectedVersion, state, causeId, events = [] } = write
  return {
    $set: { version: expectedVersion + 1, ...written(state, indexes) },
    $push: {
      writes: { $each: [writeId], $slice: -writesMax },
      ...(causeId === undefined ? {} : { handled: { $each: [causeId], $slice: -handledMax } }),
      ...(events.length === 0 ? {} : { outbox: { $each: events } }),
    },
    ...(events[0] ? { $min: { pendingSinceMs: events[0].occurredAtMs } } : {}),
  } as unknown as UpdateFilter<MongoDocument<S>>
}
