import { join } from 'node:path'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { openBusLater, type Bus } from '@meetcoop/bus'
import { openStore, startRelay } from '@meetcoop/store'
import { openClock } from './clock.ts'
import { loadCoopConfig } from './coop-config.ts'
import { openPeer } from './grpc-client.ts'
import type { House } from './house.ts'
import { openJobs } from './jobs.ts'
import { startLoop, type Loop, type LoopOptions } from './loop.ts'
import { measureMemory } from './memory.ts'
import { readSecrets } from './secrets.ts'
import type { Settings } from './settings.ts'

type Opening = { log: House['log']; stops: (() => Promise<void> | void)[]; onError(error: unknown): void }
type Opened = { house: House; bus: Bus; startLoops(): void }

/** Opens store, bus and relay, and what else a service is built from. Whatever it opens it leaves in `stops`. */
export async function openHouse(settings: Settings, { log, stops, onError }: Opening): Promise<Opened> {
  const clock = openClock(settings.SANDBOX_CLOCK)
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  measureMemory(metrics)
  const coop = loadCoopConfig(settings.COOP_CONFIG)
  const secrets = readSecrets(settings.SECRETS_FILE)
  const store = await openStore({
    serviceName: settings.SERVICE_NAME,
    mongodbUri: settings.MONGODB_URI,
    path: join(settings.STATE_DIR, 'store.sqlite'),
  })
  stops.push(store.close)
  const bus = openBusLater({ url: settings.NATS_URL, name: settings.SERVICE_NAME, onError })
  stops.push(bus.close)
  stops.push(startRelay(store, { publish: bus.publish, nowMs: clock.nowMs, onError }).stop)

  const loops: { options: Pick<LoopOptions, 'everyMs' | 'run'>; running?: Loop }[] = []
  const house: House = {
    settings,
    coop,
    secrets,
    store,
    bus,
    clock,
    log,
    metrics,
    peer: <Server>(name: string, definition: Parameters<typeof openPeer>[0]) => {
      const address = settings.PEERS[name]
      if (!address) throw new Error(`PEERS does not tell where ${name} is`)
      const { peer, close } = openPeer<Server>(definition, address)
      stops.push(close)
      return peer
    },
    jobs: (options) => {
      const jobs = openJobs(settings.REDIS_URL, log, options)
      stops.push(jobs.close)
      return jobs
    },
    loop: (options) => {
      const loop: (typeof loops)[number] = { options }
      loops.push(loop)
      return { wake: () => loop.running?.wake() }
    },
  }
  const startLoops = () => {
    for (const loop of loops) {
      loop.running = startLoop({ ...loop.options, onError })
      stops.push(loop.running.stop)
    }
  }
  return { house, bus, startLoops }
}
