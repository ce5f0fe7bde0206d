import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import type { Envelope } from '@meetcoop/contracts'
import { done, later, never, openBus, type Bus, type Consuming, type Handlers } from './index.ts'

const url = process.env.TEST_NATS_URL
if (!url) throw new Error('TEST_NATS_URL does not say where NATS is: run npm test')

let bus: Bus
beforeAll(async () => {
  bus = await openBus({ url, name: 'bus-test' })
})
afterAll(() => bus.close())

const memberId = () => `member-${randomUUID()}`

const granted = (aggregateId: string, version: number): Envelope => ({
  id: `${aggregateId}.${version}.0`,
  type: 'TierGranted',
  aggregateId,
  version,
  causeId: 'webhook-1',
  occurredAtMs: 1_760_000_000_000,
  traceparent: '',
  data: { memberId: aggregateId, tierId: 'small' },
})

/** Listens under a name of its own and collects what it hears of one aggregate. */
async function listening(handlers: Handlers, run: (consuming: Consuming, service: string) => Promise<void>) {
  const service = `test-${randomUUID().slice(0, 8)}`
  const consuming = bus.consume({
    service,
    source: 'membership',
    handlers,
    onDeadLetter: () => {},
    onError: () => {},
  })
  try {
    await run(consuming, service)
  } finally {
    await consuming.stop()
  }
}

const heard = async <T>(list: readonly T[], count: number) => {
  const deadline = Date.now() + 10_000
  while (list.length < count) {
    if (Date.now() > deadline) throw new Error(`heard ${list.length} of ${count}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return list
}

describe('consume', () => {
  test('hands over the whole envelope with the payload decoded', async () => {
    const id = memberId()
    const events: unknown[] = []
    const handlers: Handlers = { TierGranted: async (e) => (e.aggregateId === id && events.push(e), done) }
    await listening(handlers, async () => {
      await bus.publish(granted(id, 3))
      await heard(events, 1)
    })
    expect(events).toEqual([granted(id, 3)])
  })

  test('the same event id is stored once', async () => {
    const id = memberId()
    const events: number[] = []
    const handlers: Handlers = { TierGranted: async (e) => (e.aggregateId === id && events.push(e.version), done) }
    await listening(handlers, async () => {
      for (const version of [1, 1, 1, 2]) await bus.publish(granted(id, version))
      await heard(events, 2)
    })
    expect(events).toEqual([1, 2])
  })

  test('an outage and `later` bring the event back, and hold up no other', async () => {
    const [first, second] = [memberId(), memberId()]
    const tried: string[] = []
    const handlers: Handlers = {
      TierGranted: async ({ aggregateId }) => {
        if (aggregateId !== first && aggregateId !== second) return done
        tried.push(aggregateId)
        if (aggregateId === second) return done
        if (tried.filter((id) => id === first).length === 1) throw new Error('the store is away')
        return tried.filter((id) => id === first).length === 2 ? later(50) : done
      },
    }
    await listening(handlers, async () => {
      await bus.publish(granted(first, 1))
      await bus.publish(granted(second, 1))
      await heard(tried, 4)
    })
    expect(tried).toEqual([first, second, first, first])
  })

  test('a poison message becomes one dead letter, which redrive gives back to its consumer alone', async () => {
    const id = memberId()
    const healed: string[] = []
    let poison = true
    const handlers: Handlers = {
      TierGranted: async (e) => {
        if (e.aggregateId !== id) return done
        if (poison) return never('a tier nobody knows')
        return (healed.push(e.id), done)
      },
    }
    const others: string[] = []
    const other: Handlers = { TierGranted: async (e) => (e.aggregateId === id && others.push(e.id), done) }
    await listening(handlers, (_c, service) =>
      listening(other, async () => {
        await bus.publish(granted(id, 1))
        const mine = async () =>
          (await bus.deadLetters.list(10_000)).filter((letter) => letter.durable === `${service}-membership`)
        let letters = await mine()
        while (letters.length === 0) letters = await mine()
        expect(letters).toMatchObject([
          { eventId: `${id}.1.0`, type: 'membership.v1.TierGranted', why: 'a tier nobody knows' },
        ])
        poison = false
        expect(await bus.deadLetters.redrive(letters[0]?.sequence ?? 0)).toBe(true)
        await heard(healed, 1)
        expect(await mine()).toEqual([])
        expect(await bus.deadLetters.redrive(letters[0]?.sequence ?? 0)).toBe(false)
        await bus.publish(granted(id, 2))
        await heard(others, 2)
      }),
    )
    expect(others).toEqual([`${id}.1.0`, `${id}.2.0`])
  })

  test('a fault of the program is given up, not tried for ever', async () => {
    const id = memberId()
    let service = ''
    const handlers: Handlers = {
      TierGranted: async (e) => {
        if (e.aggregateId === id) throw new TypeError('undefined is not a tier')
        return done
      },
    }
    await listening(handlers, async (_consuming, name) => {
      service = name
      await bus.publish(granted(id, 1))
      const mine = async () =>
        (await bus.deadLetters.list(10_000)).filter((letter) => letter.durable === `${service}-membership`)
      let letters = await mine()
      while (letters.length === 0) letters = await mine()
      expect(letters[0]?.why).toBe('TypeError: undefined is not a tier')
    })
  })
})

describe('follow', () => {
  test('gives the last ones first and then what comes', async () => {
    const id = memberId()
    await bus.publish(granted(id, 1))
    const events: number[] = []
    const following = bus.follow({
      sources: ['membership'],
      last: 1,
      onEvent: (e) => e.aggregateId === id && events.push(e.version),
      onError: (error) => {
        throw error
      },
    })
    await heard(events, 1)
    await bus.publish(granted(id, 2))
    await heard(events, 2)
    await following.stop()
    expect(events).toEqual([1, 2])
  })
})

describe('what somebody deletes', () => {
  const resumesWithinMs = 15_000

  const withServer = async (work: (manager: JetStreamManager) => Promise<unknown>) => {
    const connection = await connect({ servers: url })
    await work(await jetstreamManager(connection))
    await connection.close()
  }
  /** A stream that is made again may take a moment to take events. */
  const publishSoon = async (event: Envelope) => {
    const deadline = Date.now() + resumesWithinMs
    while (Date.now() < deadline) {
      const sent = await bus.publish(event).then(
        () => true,
        () => false,
      )
      if (sent) return
    }
    throw new Error('the stream did not come back')
  }

  test(
    'a consumer is made again and goes on',
    async () => {
      const id = memberId()
      const events: number[] = []
      const handlers: Handlers = { TierGranted: async (e) => (e.aggregateId === id && events.push(e.version), done) }
      await listening(handlers, async (_consuming, service) => {
        await bus.publish(granted(id, 1))
        await heard(events, 1)
        await withServer((manager) => manager.consumers.delete('MEMBERSHIP', `${service}-membership`))
        await bus.publish(granted(id, 2))
        while (!events.includes(2)) await heard(events, events.length + 1)
      })
      expect(events).toContain(2)
    },
    resumesWithinMs + 10_000,
  )

  test(
    'a stream is made again, and those who follow it hear its new events',
    async () => {
      const roomId = `room-${randomUUID()}`
      const closed = (version: number): Envelope => ({
        ...granted(roomId, version),
        type: 'RoomClosed',
        data: { roomId, memberId: 'member-1' },
      })
      const events: number[] = []
      const following = bus.follow({
        sources: ['room-scheduling'],
        last: 0,
        onEvent: (event) => event.aggregateId === roomId && events.push(event.version),
        onError: () => {},
      })
      for (let version = 1; events.length === 0; version++) await bus.publish(closed(version))
      await withServer((manager) => manager.streams.delete('ROOM_SCHEDULING'))
      const before = events.length
      await publishSoon(closed(1_000))
      await heard(events, before + 1)
      await following.stop()
      expect(events).toContain(1_000)
    },
    2 * resumesWithinMs,
  )
})
