import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { awaitReady } from './await-ready.ts'
import { provide, type Wanted } from './find-program.ts'
import { natsAnswers, redisAnswers, firstAnswer } from './probe.ts'
import { StartFailure } from './start-failure.ts'
import { trackStartedProcesses, type StartedProcesses } from './started-processes.ts'
import { supervise, type Around, type Program } from './supervise.ts'

const host = '127.0.0.1'
const infra = path.resolve(import.meta.dirname, '../..')
const startPatienceMs = 30_000
const stopPatienceMs = 2_000

/** How to do without a program of our own: containers, and their addresses in the environment. */
const instead =
  'docker-compose -f infra/docker-compose.yml up -d nats redis, ' +
  'then set NATS_URL=nats://127.0.0.1:4222 REDIS_URL=redis://127.0.0.1:6379'
const nats: Wanted = { program: 'nats-server', debianPackage: 'nats-server', instead }
const redis: Wanted = { program: 'redis-server', debianPackage: 'redis-server', instead }

/** What has to be on the machine where no address in the environment names another. */
export function wantedServers(env: NodeJS.ProcessEnv): Wanted[] {
  return [...(env.NATS_URL ? [] : [nats]), ...(env.REDIS_URL ? [] : [redis])]
}

export type Servers = { natsUrl: string; redisUrl: string; stop: () => Promise<void> }

type Settings = {
  /** Data and logs go to `nats/`, `redis/` and `log/` below it. */
  stateDir: string
  ports: { nats: number; redis: number }
  /** NATS_URL and REDIS_URL here mean: use that one, start none. */
  env: NodeJS.ProcessEnv
  say?: (line: string) => void
  started?: StartedProcesses
  signal?: AbortSignal
}

/**
 * NATS with JetStream and Redis, each at its address in the environment or as a process of ours on its own port and folder.
 * Ours are restarted when they die; `stop` ends ours and leaves the others alone.
 * @throws StartFailure when one is not to be had or does not answer.
 */
export async function startServers({
  stateDir,
  ports,
  env,
  say = () => undefined,
  ...rest
}: Settings): Promise<Servers> {
  const { NATS_URL, REDIS_URL } = env
  const paths = await provide(wantedServers(env), say)
  const started = rest.started ?? trackStartedProcesses()
  const around: Around = { logDir: path.join(stateDir, 'log'), started, say }
  mkdirSync(around.logDir, { recursive: true })
  const programs: Program[] = []
  if (!NATS_URL) programs.push(natsProgram(paths['nats-server']!, folder(stateDir, 'nats'), ports.nats))
  if (!REDIS_URL) programs.push(redisProgram(paths['redis-server']!, folder(stateDir, 'redis'), ports.redis))
  const ours = programs.map((program) => supervise(program, around))
  const stop = async () => {
    await Promise.all(ours.map((each) => each.stop(stopPatienceMs)))
    if (!rest.started) started.close()
  }
  try {
    await Promise.all([
      awaitReady(ours, { patienceMs: startPatienceMs, signal: rest.signal }),
      NATS_URL ? mustAnswer('NATS_URL', NATS_URL, 4222) : undefined,
      REDIS_URL ? mustAnswer('REDIS_URL', REDIS_URL, 6379) : undefined,
    ])
  } catch (error) {
    await stop()
    throw error
  }
  return {
    natsUrl: NATS_URL ?? `nats://${host}:${ports.nats}`,
    redisUrl: REDIS_URL ?? `redis://${host}:${ports.redis}`,
    stop,
  }
}

function natsProgram(command: string, dir: string, port: number): Program {
  const config = path.join(infra, knowsSyncInterval(command) ? 'nats-2.10.conf' : 'nats.conf')
  const args = ['--config', config, '--addr', host, '--port', String(port), '--store_dir', dir]
  return { name: 'nats', command, args, env: process.env, isReady: () => natsAnswers(host, port) }
}

function redisProgram(command: string, dir: string, port: number): Program {
  const args = [path.join(infra, 'redis.conf'), '--port', String(port), '--dir', dir]
  return { name: 'redis', command, args, env: process.env, isReady: () => redisAnswers(host, port) }
}

/** nats-server learnt `sync_interval` in 2.10; older ones refuse to start on it. */
function knowsSyncInterval(command: string): boolean {
  const text = execFileSync(command, ['--version'], { encoding: 'utf8' })
  const [, major, minor] = /v?(\d+)\.(\d+)\./.exec(text) ?? []
  if (!major || !minor) throw new StartFailure(`${command} does not tell its version: ${text.trim()}`)
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 10)
}

async function mustAnswer(variable: string, addresses: string, defaultPort: number) {
  // NATS_URL may list a cluster's servers; one that answers is enough to begin with.
  for (const address of addresses.split(',')) {
    const url = URL.parse(address.includes('://') ? address.trim() : `nats://${address.trim()}`)
    if (!url)
      throw new StartFailure(`${variable} is not an address: write it like nats://host:4222 or redis://host:6379`)
    if (await firstAnswer(url.hostname, Number(url.port) || defaultPort, 'PING\r\n')) return
  }
  throw new StartFailure(
    `nothing answers at ${variable}; start that server, or unset ${variable} to let us run our own`,
  )
}

function folder(stateDir: string, name: string): string {
  const dir = path.join(stateDir, name)
  mkdirSync(dir, { recursive: true })
  return dir
}
