import { openSqliteStore } from './sqlite/sqlite-store.ts'
import type { Store } from './store.ts'

export type StoreChoice = {
  /** Names the database where several services share a server. */
  serviceName: string
  /** The SQLite file, used where no server is named. */
  path: string
  /** `mongodb://…`: a server takes the file's place. */
  mongodbUri?: string
}

/** The service's store in the engine that is configured. Throws if it cannot be opened. */
export async function openStore({ serviceName, path, mongodbUri }: StoreChoice): Promise<Store> {
  if (!mongodbUri) return openSqliteStore(path)
  // The driver is a third of a service's memory: only who uses it loads it.
  const { openMongoStore } = await import('./mongodb/mongo-store.ts')
  return openMongoStore(mongodbUri, serviceName)
}
