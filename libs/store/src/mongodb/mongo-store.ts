import { MongoClient } from 'mongodb'
import { assertPlainNames } from '../document.ts'
import type { Store } from '../store.ts'
import { openCollection } from './mongo-collection.ts'
import type { MongoDocument } from './mongo-document.ts'
import { migrate } from './mongo-indexes.ts'
import { documentsPrefix, openOutbox } from './mongo-outbox.ts'

/** A server that is away shows as an error within this time, ... */
const awayMs = 5_000
/** ... and one that does not answer, or has no majority, within this one. Indexes are built in it, too. */
const answerMs = 30_000

/** The database that the URI names, if it names one. */
const named = (uri: string): string | undefined => /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri)?.[1]

/**
 * A store in the database `<name>-<serviceName>` of any MongoDB-compatible server, where the name is the URI's, or
 * `coop`: so several co-ops can share a server. Every write is in the journals of a
 * majority before it is answered, and only such writes are read. Throws what the driver throws.
 */
export async function openMongoStore(uri: string, serviceName: string): Promise<Store> {
  const client = new MongoClient(uri, {
    appName: serviceName,
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: answerMs / 2 },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    serverSelectionTimeoutMS: awayMs,
    connectTimeoutMS: awayMs,
    socketTimeoutMS: answerMs,
  })
  try {
    return await storeOf(client, `${named(uri) ?? 'coop'}-${serviceName}`)
  } catch (error) {
    await client.close()
    throw error
  }
}

async function storeOf(client: MongoClient, name: string): Promise<Store> {
  const db = client.db(name)
  const outbox = await openOutbox(db)
  let wake: () => void = () => {}
  return {
    engine: 'mongodb',
    collection: async <S>(name: string, indexes = {}) => {
      assertPlainNames(name)
      const documents = db.collection<MongoDocument<S>>(`${documentsPrefix}${name}`)
      await migrate(documents, indexes)
      outbox.watch(documents.collectionName)
      return openCollection<S>(documents, indexes, { outbox, wake: () => wake() })
    },
    outbox,
    onEvents: (listener) => (wake = listener),
    // A server that only reads, or has lost its majority, shows only when something is written.
    ping: async () => {
      const pinged = db.collection<{ _id: string; times: number }>('pinged')
      await pinged.updateOne({ _id: 'one' }, { $inc: { times: 1 } }, { upsert: true })
    },
    close: () => client.close(),
  }
}
