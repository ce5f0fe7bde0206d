import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue, Worker } from 'bullmq'
import { done, openBus } from '@meetcoop/bus'
import type { Envelope } from '@meetcoop/contracts'
import { openStore } from '@meetcoop/store'
import type { Endpoints } from '../constellation.ts'
import { median } from './figures.ts'

const rounds = 100

/** What each hop between a webhook and the rights costs alone on this machine now, in milliseconds. */
export type Hops = { httpMs: number; writeMs: number; jobMs: number; busMs: number; graphqlMs: number; sumMs: number }

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  return median(times)
}

/**
 * The medians of the bare hops and their sum along the path: webhook, inbox, job, GraphQL, contribution, bus, member,
 * bus. Everything is bare: the same libraries and servers without our services.
 */
export async function measureHops(endpoints: Endpoints, opencollectiveToken: string): Promise<Hops> {
  const hops = {
    httpMs: await timed(async () => (await fetch(`${endpoints.services.billing?.url}/healthz`)).arrayBuffer()),
    writeMs: await bareWrite(),
    jobMs: await bareJob(endpoints.redis),
    busMs: await bareBus(endpoints.nats),
    graphqlMs: await bareGraphql(endpoints, opencollectiveToken),
  }
  return { ...hops, sumMs: hops.httpMs + 3 * hops.writeMs + hops.jobMs + hops.graphqlMs + 2 * hops.busMs }
}

async function bareWrite(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'meetcoop-bench-'))
  const store = await openStore({ serviceName: 'bench', path: join(folder, 'store.sqlite') })
  const collection = await store.collection<{ n: number }>('bench')
  let version = 0
  const ms = await timed(() => collection.write({ id: 'one', expectedVersion: version, state: { n: version++ } }))
  await store.close()
  rmSync(folder, { recursive: true })
  return ms
}

async function bareJob(redisUrl: string): Promise<number> {
  let finished: () => void = () => {}
  const queue = new Queue('bench', { connection: { url: redisUrl } })
  const worker = new Worker('bench', async () => finished(), {
    connection: { url: redisUrl, maxRetriesPerRequest: null },
  })
  await worker.waitUntilReady()
  const ms = await timed(async () => {
    const ran = new Promise<void>((resolve) => (finished = resolve))
    await queue.add('bench', {}, { removeOnComplete: true })
    await ran
  })
  await worker.close()
  await queue.obliterate({ force: true })
  await queue.close()
  return ms
}

async function bareBus(url: string): Promise<number> {
  const bus = await openBus({ url, name: 'bench-hops' })
  let heard: () => void = () => {}
  let waitingFor = ''
  const run = `bench-${Date.now()}`
  const handlers = { RoomClosed: async (event: { id: string }) => (event.id === waitingFor && heard(), done) }
  const consuming = bus.consume({
    service: run,
    source: 'room-scheduling',
    handlers,
    onDeadLetter: () => {},
    onError: () => {},
  })
  let version = 0
  const ms = await timed(async () => {
    version++
    const event: Envelope = {
      id: `${run}.${version}.0`,
      type: 'RoomClosed',
      aggregateId: run,
      version,
      causeId: 'bench',
      occurredAtMs: Date.now(),
      traceparent: '',
      data: { roomId: run, memberId: 'member-bench' },
    }
    waitingFor = event.id
    const arrived = new Promise<void>((resolve) => (heard = resolve))
    await bus.publish(event)
    await arrived
  })
  await consuming.stop()
  await bus.close()
  return ms
}

async function bareGraphql({ sandbox }: Endpoints, token: string): Promise<number> {
  const body = JSON.stringify({ query: '{ account(slug: "example-meeting-coop") { slug } }' })
  const headers = { 'content-type': 'application/json', 'personal-token': token }
  return timed(async () => {
    const answer = await fetch(`${sandbox.opencollective}/graphql/v2`, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(`OpenCollective answered ${answer.status}: ${await answer.text()}`)
    await answer.arrayBuffer()
  })
}
