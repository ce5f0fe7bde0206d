import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export type Endpoints = {
  operatorToken: string
  nats: string
  redis: string
  bbb: { tenants: { id: string; secret: string; url: string }[] }
  services: Record<string, { url: string; grpc: string }>
  sandbox: { opencollective: string; clock: string }
}

export type Constellation = {
  endpoints: Endpoints
  opencollectiveToken: string
  launcher: ChildProcess
  stop(): Promise<void>
}

const repository = join(import.meta.dirname, '../..')
const startWithinMs = 60_000

/** The whole system of its own, in a temporary folder, with limits of the outside world lifted where `loosen` says so. */
export async function startConstellation(
  portBase: number,
  loosen: (coopYaml: string) => string = (yaml) => yaml,
): Promise<Constellation> {
  const folder = mkdtempSync(join(tmpdir(), 'meetcoop-'))
  const config = join(folder, 'coop.yaml')
  writeFileSync(config, loosen(readFileSync(join(repository, 'coop.yaml'), 'utf8')))
  const args = [
    'infra/launcher/src/main.ts',
    '--state',
    join(folder, 'var'),
    '--config',
    config,
    '--port-base',
    String(portBase),
  ]
  const launcher = spawn(process.execPath, args, { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [launcher.stdout, launcher.stderr])
    stream?.on('data', (chunk) => (said = (said + chunk).slice(-4_000)))
  const path = join(folder, 'var/run/endpoints.json')
  const deadline = performance.now() + startWithinMs
  while (!existsSync(path)) {
    if (launcher.exitCode !== null || performance.now() > deadline) {
      launcher.kill()
      throw new Error(`the system did not start:\n${said}`)
    }
    await pause(100)
  }
  const secrets = JSON.parse(readFileSync(join(folder, 'var/secrets.json'), 'utf8')) as { opencollectiveToken: string }
  return {
    opencollectiveToken: secrets.opencollectiveToken,
    endpoints: JSON.parse(readFileSync(path, 'utf8')) as Endpoints,
    launcher,
    stop: async () => {
      const gone = once(launcher, 'exit')
      launcher.kill('SIGTERM')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
