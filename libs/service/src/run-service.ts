import { flushCompileCache } from 'node:module'
import { pino } from 'pino'
import { Counter } from 'prom-client'
import type { Source } from '@meetcoop/contracts'
import { startGrpc } from './grpc-server.ts'
import type { House, Service } from './house.ts'
import { createHttp } from './http.ts'
import { openHouse } from './open-house.ts'
import { readSettings } from './settings.ts'
import { startTelemetry } from './telemetry.ts'

/** Runs a service until it is told to stop: the only thing a main.ts does. */
export async function runService(service: Service): Promise<void> {
  const log = pino({ name: service.name, base: undefined, level: process.env.LOG_LEVEL ?? 'info' })
  const stops: Stops = []
  let stopping: Promise<void> | undefined
  const stop = (code: number) => {
    stopping ??= (async () => {
      setTimeout(() => process.exit(1), stopWithinMs).unref()
      const inOrder = await stopAll(stops, (error) =>
        log.error({ error: error.message }, 'a part did not stop in order'),
      )
      log.info('stopped')
      process.exit(inOrder ? code : 1)
    })()
  }
  process.on('SIGTERM', () => stop(0))
  process.on('SIGINT', () => stop(0))
  // The launcher is gone: nobody would stop us any more.
  process.on('disconnect', () => stop(0))
  try {
    await start(service, { log, stops, stop })
    log.info('started')
    // Left to the end of the process, this would make the first stop slow.
    setTimeout(flushCompileCache, compileCacheAfterMs).unref()
  } catch (error) {
    log.fatal({ error: (error as Error).message }, 'could not start')
    process.exit(1)
  }
}

const stopWithinMs = 5_000
const compileCacheAfterMs = 3_000

type Stops = (() => Promise<void> | void)[]
type Running = { log: House['log']; stops: Stops; stop(code: number): void }

/** The last started is stopped first: edges before loops and queues, those before the store. One failure stops no other. */
async function stopAll(stops: Stops, onError: (error: Error) => void): Promise<boolean> {
  let inOrder = true
  for (const stop of stops.toReversed()) {
    try {
      await stop()
    } catch (error) {
      inOrder = false
      onError(error as Error)
    }
  }
  return inOrder
}

async function start(service: Service, { log, stops, stop }: Running): Promise<void> {
  const settings = readSettings({ SERVICE_NAME: service.name, ...process.env })
  const onError = (error: unknown) => log.warn({ error: (error as Error).message }, 'trouble; it is tried again')
  const onLost = (error: Error) => log.info({ error: error.message }, 'the last spans of the trace are lost')
  stops.push(startTelemetry(service.name, process.env, onLost).stop)
  const { house, bus, startLoops } = await openHouse(settings, { log, stops, onError })
  // Without a connection that can ever come back, a service only looks alive.
  void bus.closed.then(() => stop(1))

  const edges = await service.build(house)
  if (edges.stop) stops.push(edges.stop)
  startLoops()
  const deadLetters = new Counter({ name: 'dead_letters_total', help: 'Messages given up', registers: [house.metrics] })
  const onDeadLetter = (letter: object) => {
    deadLetters.inc()
    log.error(letter, 'a message was given up; see coop dead-letters')
  }
  for (const [source, handlers] of Object.entries(edges.listens ?? {})) {
    const listening = { service: service.name, source: source as Source, handlers, onDeadLetter, onError }
    stops.push(bus.consume(listening).stop)
  }

  const ready = async () => {
    await Promise.all([house.store.ping(), bus.ping(), edges.ready?.()])
  }
  const grpc = await startGrpc(edges.grpc ?? [], { host: settings.HOST, port: settings.GRPC_PORT, ready, onError })
  stops.push(grpc.stop)
  const http = createHttp({ name: service.name, log, metrics: house.metrics, ready })
  await edges.http?.(http)
  await http.listen({ host: settings.HOST, port: settings.HTTP_PORT })
  stops.push(() => http.close())
}
