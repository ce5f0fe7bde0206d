import type { Collection as Documents, Filter, UpdateFilter } from 'mongodb'
import { limitMax, type Indexes } from '../store.ts'
import { written, type MongoDocument } from './mongo-document.ts'

/** Makes the indexes, and fills in what documents lack that were written before there were all of them. */
export async function migrate<S>(documents: Documents<MongoDocument<S>>, indexes: Indexes<S>): Promise<void> {
  const names = Object.keys(indexes)
  await documents.createIndexes([
    { name: 'pending', key: { pendingSinceMs: 1 }, sparse: true },
    ...names.map((index) => ({ name: `ix_${index}`, key: { [`ix.${index}`]: 1, _id: 1 } })),
  ])
  if (names.length === 0) return
  const lacking = { $or: names.map((index) => ({ [`ix.${index}`]: { $exists: false } })) } as Filter<MongoDocument<S>>
  const batch = () => documents.find(lacking, { projection: { version: 1, state: 1 }, limit: limitMax }).toArray()
  for (let found = await batch(); found.length > 0; found = await batch())
    await documents.bulkWrite(
      found.map(({ _id, version, state }) => ({
        updateOne: {
          // Who writes it meanwhile has the indexes too.
          filter: { _id, version } as Filter<MongoDocument<S>>,
          update: { $set: { ix: written(state as S, indexes).ix } } as unknown as UpdateFilter<MongoDocument<S>>,
        },
      })),
      { ordered: false },
    )
}
