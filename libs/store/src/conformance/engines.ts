import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { openStore, type StoreChoice } from '../open-store.ts'
import type { Store } from '../store.ts'

/** A place for one test's data, and how to wipe it out. */
type Place = { choice: StoreChoice; wipe(): Promise<void> }
export type Engine = { name: Store['engine']; place(): Place }

export const sqlite: Engine = {
  name: 'sqlite',
  place: () => {
    const folder = mkdtempSync(join(tmpdir(), 'store-'))
    return {
      choice: { serviceName: 'test', path: join(folder, 'test.sqlite') },
      wipe: async () => rmSync(folder, { recursive: true }),
    }
  },
}

export const mongodb = (mongodbUri: string): Engine => ({
  name: 'mongodb',
  place: () => {
    const serviceName = `test-${randomUUID().slice(0, 13)}`
    return {
      choice: { serviceName, path: '', mongodbUri },
      wipe: async () => {
        const client = new MongoClient(mongodbUri)
        await client.db(`coop-${serviceName}`).dropDatabase()
        await client.close()
      },
    }
  },
})

/** Before each test a fresh store. `reopen` opens what is there once more, as another process would. */
export function useStore(engine: Engine) {
  let place: Place
  let opened: Store[] = []
  const reopen = async () => {
    const store = await openStore(place.choice)
    opened.push(store)
    return store
  }
  beforeEach(async () => {
    place = engine.place()
    await reopen()
  })
  afterEach(async () => {
    await Promise.all(opened.map((store) => store.close()))
    opened = []
    await place.wipe()
  })
  return {
    get store() {
      const [first] = opened
      if (!first) throw new Error('no test is running')
      return first
    },
    reopen,
  }
}
