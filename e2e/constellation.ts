import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { MongoClient } from 'mongodb'

export type Endpoints = {
  operatorToken: string
  nats: string
  redis: string
  bbb: { url: string; tenants: { id: string; secret: string; url: string }[] }
  services: Record<string, { url: string; grpc: string }>
  opencollectiveWebhook: string
  portal: string
  sandbox: { opencollective: string; clock: string; nodes: { url: string; secret: string }[] }
}

export type Constellation = {
  endpoints: Endpoints
  opencollectiveToken: string
  /** Where it keeps its state; what `--state` takes. */
  stateDir: string
  /** Kills the process of a service or simulator at once, as a crash would. */
  kill(name: string): void
  /** Stops as Ctrl-C does; the state stays. Resolves to the milliseconds it took. */
  stop(): Promise<number>
  /** Starts again on the same state. */
  restart(): Promise<void>
  /** Stops if it runs, and forgets everything. */
  remove(): Promise<void>
}

const repository = join(import.meta.dirname, '..')
const startWithinMs = 90_000

/** The whole system of its own, in a temporary folder, with the co-op's settings as `settle` leaves them. */
export async function startConstellation(
  portBase: number,
  settle: (coopYaml: string) => string = (yaml) => yaml,
): Promise<Constellation> {
  const folder = mkdtempSync(join(tmpdir(), 'meetcoop-'))
  const config = join(folder, 'coop.yaml')
  const stateDir = join(folder, 'var')
  writeFileSync(config, settle(readFileSync(join(repository, 'coop.yaml'), 'utf8')))
  const args = ['--state', stateDir, '--config', config, '--port-base', String(portBase)]
  const databases = basename(folder)
  const env = { ...process.env, NATS_URL: undefined, REDIS_URL: undefined, ...ownDatabases(databases) }
  let launcher = await launch(args, stateDir, env)
  const read = <T>(file: string) => JSON.parse(readFileSync(join(stateDir, file), 'utf8')) as T
  const stop = async () => {
    if (launcher.exitCode !== null) return 0
    const startedAt = performance.now()
    const gone = once(launcher, 'exit')
    launcher.kill('SIGTERM')
    await gone
    return performance.now() - startedAt
  }
  return {
    endpoints: read<Endpoints>('run/endpoints.json'),
    opencollectiveToken: read<{ opencollectiveToken: string }>('secrets.json').opencollectiveToken,
    stateDir,
    kill: (name) => process.kill(pidOf(launcher, name), 'SIGKILL'),
    stop,
    restart: async () => {
      launcher = await launch(args, stateDir, env)
    },
    remove: async () => {
      await stop()
      await dropDatabases(databases)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

// Where the tests are given a MongoDB, each system has databases of its own in it.
const ownDatabases = (name: string) =>
  process.env.MONGODB_URI && { MONGODB_URI: new URL(name, process.env.MONGODB_URI).href }

async function dropDatabases(name: string): Promise<void> {
  if (!process.env.MONGODB_URI) return
  const client = new MongoClient(process.env.MONGODB_URI)
  const { databases } = await client.db().admin().listDatabases({ nameOnly: true })
  for (const each of databases) if (each.name.startsWith(`${name}-`)) await client.db(each.name).dropDatabase()
  await client.close()
}

async function launch(args: string[], stateDir: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const launcher = spawn(process.execPath, ['infra/launcher/src/main.ts', ...args], {
    cwd: repository,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [launcher.stdout, launcher.stderr])
    stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)))
  const deadline = performance.now() + startWithinMs
  while (!existsSync(join(stateDir, 'run/endpoints.json'))) {
    if (launcher.exitCode !== null || performance.now() > deadline) {
      launcher.kill()
      throw new Error(`the system did not start:\n${said}`)
    }
    await pause(100)
  }
  return launcher
}

/** The launcher's child that runs the named service, from /proc. */
function pidOf(launcher: ChildProcess, name: string): number {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8'))?.[1]
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8')
      if (Number(parent) === launcher.pid && command.includes(`/${name}/src/main.ts`)) return Number(entry)
    } catch (error) {
      // It ended while we looked.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
  throw new Error(`${name} does not run`)
}
