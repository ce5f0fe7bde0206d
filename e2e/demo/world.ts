import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { ServiceDefinition } from '@grpc/grpc-js'
import { openBus } from '@meetcoop/bus'
import { factFromJson, sources, type Envelope, type EventData, type EventName, type Source } from '@meetcoop/contracts'
import { openPeer, type Peer } from '@meetcoop/service'
import { openDashboard, type Dashboard } from './dashboard.ts'

export type Endpoints = {
  portal: string
  operatorToken: string
  nats: string
  services: Record<string, { url: string; grpc: string }>
  sandbox?: { opencollective: string; clock: string; nodes: { url: string; secret: string }[] }
}

/** An event that the demo heard, with its payload decoded. */
export type Heard<N extends EventName> = Envelope & { data: EventData[N] }

/** The running system as somebody outside sees it: its addresses, its events, its sandbox. */
export type World = {
  endpoints: Endpoints & { sandbox: NonNullable<Endpoints['sandbox']> }
  dashboard: Dashboard
  ask<Server>(service: string, definition: ServiceDefinition): Peer<Server>
  /** The first event of the type that fits, heard since the demo began. Throws after `withinMs`. */
  event<N extends EventName>(type: N, fits: (data: EventData[N]) => boolean, withinMs?: number): Promise<Heard<N>>
  /** Tries until `look` gives something. Throws after `withinMs`, with what was last in the way. */
  until<T>(what: string, look: () => Promise<T | undefined>, withinMs?: number): Promise<T>
  /** JSON over HTTP; throws with the answer's own words unless it is 2xx. */
  http(method: 'GET' | 'POST' | 'DELETE', url: string, body?: object): Promise<Record<string, unknown>>
  /** Moves the sandbox's clock; the rules stay as they are. */
  moveClock(ms: number): void
  nowMs(): number
  close(): Promise<void>
}

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

const patienceMs = 60_000
const lookEveryMs = 100
const answerWithinMs = 30_000

export async function openWorld(endpoints: World['endpoints']): Promise<World> {
  const bus = await openBus({ url: endpoints.nats, name: 'demo' })
  const heard: Envelope[] = []
  const onError = (error: unknown) => process.stderr.write(`events: ${(error as Error).message}\n`)
  const following = bus.follow({
    sources: Object.keys(sources) as Source[],
    last: 0,
    onEvent: (e) => heard.push(e),
    onError,
  })
  const dashboard = await openDashboard(endpoints.portal, endpoints.operatorToken)
  const closing: (() => unknown)[] = [() => following.stop(), () => bus.close(), () => dashboard.close()]

  const until: World['until'] = async (what, look, withinMs = patienceMs) => {
    const deadline = performance.now() + withinMs
    let last: unknown
    do {
      try {
        const found = await look()
        if (found !== undefined) return found
      } catch (error) {
        last = error
      }
      await pause(lookEveryMs)
    } while (performance.now() < deadline)
    throw new Error(`${what}: not within ${withinMs / 1000} s${last ? ` (${(last as Error).message})` : ''}`)
  }

  return {
    endpoints,
    dashboard,
    until,
    ask: <Server>(service: string, definition: ServiceDefinition) => {
      const found = endpoints.services[service]
      if (!found) throw new Error(`endpoints.json does not tell where ${service} is`)
      const { peer, close } = openPeer<Server>(definition, found.grpc)
      closing.push(close)
      return peer
    },
    event: <N extends EventName>(type: N, fits: (data: EventData[N]) => boolean, withinMs?: number) =>
      until(type, async () => find(heard, type, fits), withinMs),
    http: (method, url, body) => http(method, url, endpoints.operatorToken, body),
    moveClock: (ms) => moveClock(endpoints.sandbox.clock, ms),
    nowMs: () => Date.now() + offsetOf(endpoints.sandbox.clock),
    close: async () => {
      for (const close of closing) await close()
    },
  }
}

function find<N extends EventName>(
  heard: Envelope[],
  type: N,
  fits: (data: EventData[N]) => boolean,
): Heard<N> | undefined {
  for (const event of heard) {
    if (event.type !== type) continue
    const data = factFromJson(type, event.data).data as EventData[N]
    if (fits(data)) return { ...event, data }
  }
  return undefined
}

const offsetOf = (clock: string) => (JSON.parse(readFileSync(clock, 'utf8')) as { offsetMs: number }).offsetMs

function moveClock(clock: string, ms: number): void {
  const moved = JSON.stringify({ offsetMs: offsetOf(clock) + ms })
  writeFileSync(`${clock}.new`, moved)
  renameSync(`${clock}.new`, clock)
}

async function http(method: string, url: string, token: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(answerWithinMs),
  })
  const text = await response.text()
  if (!response.ok)
    throw new Error(`${method} ${new URL(url).pathname} answered ${response.status}: ${text.slice(0, 200)}`)
  return JSON.parse(text) as Record<string, unknown>
}
