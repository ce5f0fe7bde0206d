import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import type { Handlers, Outcome, Received } from '@meetcoop/bus'
import { factFromJson, sourceOf, type Envelope } from '@meetcoop/contracts'
import { openStore } from '@meetcoop/store'
import { loadCoopConfig } from './coop-config.ts'
import type { Edges, House, Service } from './house.ts'

const repository = join(import.meta.dirname, '../../..')
const secret = (name: string) => `${name}-`.padEnd(43, '0')

type TestOptions = {
  /** What answers for other services, by name: their queries, called in this process. */
  peers?: Record<string, object>
  /** SANDBOX_NODES, URLS and the like. */
  settings?: Partial<House['settings']>
  nowMs?: number
  /** Begins with a copy of another test service's folder, which must be closed. */
  stateFrom?: string
}

/**
 * A service in this process with a store of its own in a temporary folder. Time stands still until it is moved, jobs
 * and loops run only when told to, and events wait to be carried by hand: so a test chooses every order.
 */
export async function openTestService(service: Service, options: TestOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), `meetcoop-${service.name}-`))
  if (options.stateFrom) cpSync(options.stateFrom, folder, { recursive: true })
  const store = await openStore({ serviceName: service.name, path: join(folder, 'store.sqlite') })
  let nowMs = options.nowMs ?? Date.UTC(2026, 9, 10, 12)
  const loops: (() => Promise<void>)[] = []
  const queued = new Map<string, () => Promise<void>>()
  const followers: ((event: Envelope) => void)[] = []
  const house: House = {
    settings: {
      SERVICE_NAME: service.name,
      HOST: '127.0.0.1',
      HTTP_PORT: 0,
      GRPC_PORT: 0,
      STATE_DIR: folder,
      NATS_URL: '',
      REDIS_URL: '',
      COOP_CONFIG: join(repository, 'coop.yaml'),
      SECRETS_FILE: '',
      PEERS: {},
      URLS: {},
      ...options.settings,
    },
    coop: loadCoopConfig(join(repository, 'coop.yaml')),
    secrets: {
      operatorToken: secret('operator'),
      webhookPath: secret('webhook'),
      hostAccountKey: secret('host-account'),
      callbackKey: secret('callback'),
      playbackKey: secret('playback'),
      snapshotKey: secret('snapshot'),
      nodeSecretKey: secret('node-secret'),
    },
    store,
    bus: {
      follow: ({ onEvent }) => {
        followers.push(onEvent)
        return { stop: async () => {} }
      },
      deadLetters: { list: async () => [], redrive: async () => false },
    },
    clock: { nowMs: () => nowMs },
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
    peer: <Server>(name: string) => {
      const peer = options.peers?.[name]
      if (!peer) throw new Error(`the test gives no peer ${name}`)
      return peer as Server as never
    },
    jobs: ({ name, run }) => ({
      add: async (id, data) => void queued.set(`${name}/${id}`, () => run(data)),
      close: async () => {},
    }),
    loop: ({ run }) => {
      loops.push(run)
      return { wake: () => {} }
    },
  }
  const edges = await service.build(house)
  return {
    house,
    edges,
    folder,
    moveClock: (ms: number) => (nowMs += ms),
    /** Gives the event to the service as its consumer would. Undefined if it does not listen to it. */
    deliver: (event: Envelope) => {
      for (const follower of followers) follower(event)
      return deliver(edges, event)
    },
    /** Every event the service has written so far, in order of writing. */
    written: async () => store.outbox.pending(100_000),
    runLoops: async () => {
      for (const run of loops) await run()
    },
    runJobs: async () => {
      for (const [id, run] of [...queued]) {
        queued.delete(id)
        await run()
      }
    },
    /** The state of every document, by collection and id: what must be the same however events came. */
    dump: () => dump(join(folder, 'store.sqlite')),
    close: async ({ keep = false } = {}) => {
      await edges.stop?.()
      await store.close()
      if (!keep) rmSync(folder, { recursive: true })
    },
  }
}

export type TestService = Awaited<ReturnType<typeof openTestService>>

async function deliver(edges: Edges, event: Envelope): Promise<Outcome | undefined> {
  const handlers: Handlers = edges.listens?.[sourceOf(event.type)] ?? {}
  const handler = handlers[event.type] as ((event: Received) => Promise<Outcome>) | undefined
  return handler?.({ ...event, ...factFromJson(event.type, event.data) })
}

function dump(path: string): Record<string, Record<string, unknown>> {
  const db = new DatabaseSync(path, { readOnly: true })
  const tables = db.prepare("select name from sqlite_schema where type = 'table' and name like 'docs_%'").all()
  const collections = tables.map(({ name }) => {
    const rows = db.prepare(`select id, state from ${name} order by id`).all() as { id: string; state: string }[]
    return [String(name).slice('docs_'.length), Object.fromEntries(rows.map((row) => [row.id, JSON.parse(row.state)]))]
  })
  db.close()
  return Object.fromEntries(collections) as Record<string, Record<string, unknown>>
}
