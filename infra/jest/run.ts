// What `npm test` runs: the checks and all tests. Its last line is `N passed, N failed`.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findProgram, provide } from '../launcher/src/find-program.ts'
import { wantedServers } from '../launcher/src/servers.ts'
import { StartFailure } from '../launcher/src/start-failure.ts'
import { browserTests, chromium } from './browser-tests.ts'

type Tally = { passed: number; failed: number; skipped: number }

const root = path.resolve(import.meta.dirname, '../..')
const bin = (program: string) => path.join(root, 'node_modules', program)
const say = (line: string) => void process.stdout.write(`${line}\n`)
let running: ReturnType<typeof spawn> | undefined
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!running) process.exit(1)
    running.once('exit', () => process.exit(1))
    running.kill(signal)
  })
}

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  try {
    // Asked before anything runs: a missing program should not show after ten minutes.
    await provide([...wantedServers({}), ...(browserTests(root).length > 0 ? [chromium] : [])], say)
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error
    say(error.message)
    return tell({ passed: 0, failed: 1, skipped: 0 })
  }
  say(storeLine())
  // A run of chosen tests is for whoever works on them: the checks come with the whole run.
  const isWell = args.length > 0 || (await node([path.join(root, 'infra/check.ts')])) === 0
  const tests = await jest(args)
  return tell({ ...tests, failed: tests.failed + (isWell ? 0 : 1) })
}

function tell({ passed, failed, skipped }: Tally): number {
  say(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  return failed > 0 ? 1 : 0
}

function storeLine(): string {
  if (process.env.MONGODB_URI)
    return 'The store is tested on SQLite and on the MongoDB-compatible server of MONGODB_URI.'
  if (findProgram('mongod')) return 'The store is tested on SQLite and on the mongod of this machine.'
  return 'The store is tested on SQLite alone: there is no MONGODB_URI and no mongod on PATH, its MongoDB tests are skipped.'
}

async function jest(args: string[]): Promise<Tally> {
  const dir = mkdtempSync(path.join(tmpdir(), 'coop-tally-'))
  const file = path.join(dir, 'tally.json')
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
  try {
    const code = await node([...flags, bin('jest/bin/jest.js'), ...args], { JEST_TALLY_FILE: file })
    // No tally: Jest itself could not run. A tally without failures and still a bad end is a failure too.
    if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
    const tally = JSON.parse(readFileSync(file, 'utf8')) as Tally
    return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally
  } finally {
    rmSync(dir, { recursive: true })
  }
}

function node(args: string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  running = child
  return new Promise((resolve) => {
    const end = (code: number | null) => {
      running = undefined
      resolve(code ?? 1)
    }
    child.on('error', () => end(1))
    child.on('exit', end)
  })
}
