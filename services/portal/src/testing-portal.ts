import Fastify from 'fastify'
import { openTestService } from '@meetcoop/service/testing'
import type { Envelope, EventData, EventName } from '@meetcoop/contracts'
import type { Picture } from './picture/picture.ts'
import { service } from './service.ts'
import { openPeers, startedAtMs } from './testing-peers.ts'

/** The portal in this process behind a real HTTP server, with the other services played. */
export async function openTestPortal() {
  const { held, peers } = openPeers()
  const portal = await openTestService(service, { peers, nowMs: startedAtMs })
  const app = Fastify()
  await portal.edges.http?.(app)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const token = portal.house.secrets.operatorToken
  return {
    ...portal,
    app,
    held,
    url,
    token,
    /** As the service's frame does it: a loop that fails is tried again. */
    runLoops: () =>
      portal.runLoops().catch((error: Error) => {
        if (!error.message.endsWith('is away')) throw error
      }),
    asProgram: { authorization: `Bearer ${token}` },
    close: async () => {
      await app.close()
      await portal.close()
    },
  }
}

export type TestPortal = Awaited<ReturnType<typeof openTestPortal>>

let versions = 0

/** An event as its publisher would write it. */
export function eventOf<N extends EventName>(type: N, aggregateId: string, data: EventData[N], change = {}): Envelope {
  const version = ++versions
  return {
    id: `${aggregateId}.${version}.0`,
    type,
    aggregateId,
    version,
    causeId: 'test',
    occurredAtMs: startedAtMs,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    data,
    ...change,
  }
}

export type Frame = { event: string; id: string | undefined; data: Record<string, unknown> }

/** Reads a live stream; `until` resolves when a frame satisfies, and runs the portal's loops meanwhile. */
export async function watchLive(portal: TestPortal, headers: Record<string, string> = portal.asProgram) {
  const stop = new AbortController()
  const response = await fetch(`${portal.url}/api/live`, { headers, signal: stop.signal })
  if (!response.body || !response.ok) throw new Error(`the portal answered ${response.status}`)
  const frames: Frame[] = []
  let ended = false
  const reading = (async () => {
    let rest = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split('\n\n')
      rest = parts.pop() ?? ''
      frames.push(...parts.flatMap(parseFrame))
    }
  })()
    .catch((error: Error) => {
      if (!stop.signal.aborted) throw error
    })
    .finally(() => (ended = true))
  return {
    response,
    frames,
    ended: () => ended,
    pictures: () => frames.filter(({ event }) => event === 'picture').map(({ data }) => data as unknown as Picture),
    events: () => frames.filter(({ event }) => event === 'event'),
    close: async () => {
      stop.abort()
      await reading
    },
  }
}

function parseFrame(part: string): Frame[] {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1]
  const data = field('data')
  return data ? [{ event: field('event') ?? '', id: field('id'), data: JSON.parse(data) as Frame['data'] }] : []
}

/** Runs the portal's loops until the condition holds. Throws after 10 seconds. */
export async function until(portal: TestPortal, what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`)
    await portal.runLoops()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
