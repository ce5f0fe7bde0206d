import type { ServiceDefinition } from '@grpc/grpc-js'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Bus, Handlers } from '@meetcoop/bus'
import type { Source } from '@meetcoop/contracts'
import type { Store } from '@meetcoop/store'
import type { Clock } from './clock.ts'
import type { CoopConfig } from './coop-config.ts'
import type { Peer } from './grpc-client.ts'
import type { Answering } from './grpc-server.ts'
import type { JobOptions, Jobs } from './jobs.ts'
import type { Loop } from './loop.ts'
import type { Secrets } from './secrets.ts'
import type { Settings } from './settings.ts'

/** What every service finds when it is built. Tests build the same service with their own. */
export type House = {
  settings: Settings
  coop: CoopConfig
  secrets: Secrets
  store: Store
  bus: Pick<Bus, 'follow' | 'deadLetters'>
  clock: Clock
  log: Logger
  metrics: Registry
  /** Asks another service. */
  peer<Server>(name: string, definition: ServiceDefinition): Peer<Server>
  /** A queue on Redis; it is closed with the service. */
  jobs<Data>(options: JobOptions<Data>): Jobs<Data>
  /** A reconcile loop that starts when the service does; it is stopped with the service. */
  loop(options: { everyMs: number; run(): Promise<void> }): Pick<Loop, 'wake'>
}

/** A service's edges: what service.ts lists, top to bottom. */
export type Edges = {
  http?(app: FastifyInstance): void | Promise<void>
  grpc?: readonly Answering[]
  listens?: { [source in Source]?: Handlers }
  /** Throws why the service can not do its work, beyond store and bus, which are always asked. */
  ready?(): Promise<void>
  stop?(): Promise<void>
}

/** A service: a name and how it is built. */
export type Service = { name: string; build(house: House): Promise<Edges> }
