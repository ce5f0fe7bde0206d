import { describe, expect, jest, test } from '@jest/globals'
import { MongoClient, type Collection as Documents } from 'mongodb'
import { mongodb } from '../conformance/engines.ts'
import { event, type Purse } from '../conformance/purse.ts'
import { openCollection } from './mongo-collection.ts'
import type { MongoDocument } from './mongo-document.ts'
import { openOutbox } from './mongo-outbox.ts'

jest.setTimeout(60_000)

const uri = process.env.MONGODB_URI
const onServer = uri ? describe : describe.skip

/** Sends each write twice and tells of the second attempt alone, as where the first one's answer was lost. */
const repeating = <T extends object>(documents: T): T =>
  new Proxy(documents, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      if (name !== 'updateOne' && name !== 'insertOne') return member.bind(target)
      return async (...args: unknown[]) => {
        await member.apply(target, args)
        return member.apply(target, args)
      }
    },
  })

async function withRepeating(check: (purses: ReturnType<typeof openCollection<Purse>>) => Promise<void>) {
  const { choice, wipe } = mongodb(uri ?? '').place()
  const client = new MongoClient(uri ?? '')
  const db = client.db(`coop-${choice.serviceName}`)
  const outbox = await openOutbox(db)
  const documents: Documents<MongoDocument<Purse>> = db.collection('docs_purses')
  try {
    await check(openCollection(repeating(documents), {}, { outbox, wake: () => {} }))
  } finally {
    await client.close()
    await wipe()
  }
}

onServer(`a write that arrives twice${uri ? '' : ' (skipped: MONGODB_URI names no server)'}`, () => {
  test('takes effect once and is told as done', () =>
    withRepeating(async (c) => {
      expect(await c.write({ id: 'a', expectedVersion: 0, state: { sum: 1 }, events: [event('a', 1)] })).toBe(true)
      expect(await c.write({ id: 'a', expectedVersion: 1, state: { sum: 2 }, causeId: 'x' })).toBe(true)
      expect(await c.get('a')).toEqual({ id: 'a', version: 2, state: { sum: 2 }, handled: ['x'] })
      expect(await c.keepNewest('b', 3, { sum: 3 })).toBe(true)
      expect(await c.keepNewest('b', 4, { sum: 4 })).toBe(true)
    }))

  test('is told as lost when another one won', () =>
    withRepeating(async (c) => {
      await c.write({ id: 'a', expectedVersion: 0, state: { sum: 1 } })
      expect(await c.write({ id: 'a', expectedVersion: 0, state: { sum: 9 } })).toBe(false)
      expect(await c.write({ id: 'a', expectedVersion: 2, state: { sum: 9 } })).toBe(false)
      expect(await c.keepNewest('a', 1, { sum: 9 })).toBe(false)
      expect(await c.get('a')).toMatchObject({ version: 1, state: { sum: 1 } })
    }))
})
