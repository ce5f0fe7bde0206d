// Runs a script of this repository under Node 24, having first set up whatever is missing. Plain JavaScript, for any Node
// from 20.11 on, without dependencies: `node infra/launcher/bootstrap.mjs <script.ts> [arguments]`.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { tryLock, unlock } from './pid-lock.mjs'
import { isDone, markDone } from './setup-step.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const toolchain = 'infra/launcher/toolchain'
const fetchedNode = path.join(root, toolchain, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
const lock = path.join(root, '.bootstrap-setup.lock')

const steps = [
  {
    name: 'Node 24 and pnpm',
    inputs: [`${toolchain}/package-lock.json`],
    stamp: `${toolchain}/node_modules/.stamp`,
    run: () => run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], toolchain),
  },
  {
    name: 'dependencies',
    inputs: ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', ...manifests()],
    stamp: 'node_modules/.stamp',
    run: () =>
      run(node24(), [
        path.join(root, toolchain, 'node_modules/pnpm/bin/pnpm.cjs'),
        'install',
        '--frozen-lockfile',
        '--prefer-offline',
        '--reporter=append-only',
        '--loglevel=warn',
      ]),
  },
  {
    name: 'contracts from proto/',
    inputs: ['proto', 'buf.gen.yaml', 'pnpm-lock.yaml'],
    stamp: 'libs/contracts/gen/.stamp',
    run: () => run('buf', ['generate']),
  },
  {
    name: "the portal's pages",
    inputs: ['services/portal/vite.config.ts', 'services/portal/web', 'services/portal/src', 'pnpm-lock.yaml'],
    stamp: 'services/portal/dist/.stamp',
    unless: () => !fs.existsSync(path.join(root, 'services/portal/vite.config.ts')),
    run: () => run('node_modules/.bin/vite', ['build', '--logLevel', 'warn'], 'services/portal'),
  },
]

/** What npm tells the scripts it runs about itself would make pnpm take npm's settings for its own. */
const foreign =
  /^(npm_(lifecycle|package|node_execpath|execpath|command|config_(user_agent|local_prefix|prefix|global_prefix|node_gyp|noproxy|npm_version))|NODE$|INIT_CWD)/
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))

let child
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => (child ? child.kill(signal) : process.exit(1)))
}

try {
  await setUp()
  if (process.argv.length > 2) process.exitCode = await runScript(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`Set-up stopped: ${error.message}\n`)
  process.exitCode = 1
}

async function setUp() {
  const open = () => steps.filter((step) => !step.unless?.() && !isDone(root, step))
  if (open().length === 0) return
  await takeLock()
  try {
    for (const step of open()) {
      const startedAt = performance.now()
      process.stderr.write(`Setting up ${step.name} …\n`)
      await step.run().catch((error) => {
        throw new Error(`${step.name}: ${error.message}. What it said stands above; mend that and start again.`)
      })
      markDone(root, step)
      process.stderr.write(
        `Setting up ${step.name}: done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`,
      )
    }
  } finally {
    unlock(lock)
  }
}

async function takeLock() {
  for (let rounds = 0, owner; (owner = tryLock(lock)) !== undefined; rounds++) {
    if (rounds === 0) process.stderr.write(`Waiting for process ${owner}, which is setting up too …\n`)
    if (rounds > 6000) throw new Error(`process ${owner} has been setting up for 10 minutes; stop it, then start again`)
    await wait(100)
  }
}

/** Runs to the end and tells its exit code. A signal that ended it counts as failure, as in a shell. */
function finish(started) {
  child = started
  return new Promise((resolve, reject) => {
    started.on('error', reject)
    started.on('exit', (code, signal) => {
      child = undefined
      resolve(code ?? 128 + { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal])
    })
  })
}

async function run(command, args, folder = '.') {
  // CI: no questions, whoever started us.
  const options = { cwd: path.join(root, folder), env: { ...environment(), CI: 'true' }, stdio: ['ignore', 2, 2] }
  const code = await finish(spawn(command, args, options))
  if (code !== 0) throw new Error(`${path.basename(command)} ended with exit code ${code}`)
}

function runScript(args) {
  fs.mkdirSync(path.join(root, 'var/cache'), { recursive: true })
  return finish(spawn(node24(), args, { stdio: 'inherit', env: environment() }))
}

function environment() {
  const programs = [path.dirname(node24()), path.join(root, 'node_modules/.bin'), process.env.PATH]
  return {
    ...inherited,
    PATH: programs.join(path.delimiter),
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(root, 'var/cache/node'),
  }
}

/** The Node that npm fetched; where there is none for this machine (or not yet), the one that runs us if it will do. */
function node24() {
  if (fs.existsSync(fetchedNode)) return fetchedNode
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath
  if (!fs.existsSync(path.join(root, steps[0].stamp))) return process.execPath
  throw new Error(
    `no Node 24 is fetched for ${process.platform} ${process.arch}; install Node 24 or newer, then start again`,
  )
}

function manifests() {
  const folders = ['libs', 'services', 'infra', 'e2e', 'e2e/simulators']
  const packages = folders.flatMap((folder) =>
    fs.readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`),
  )
  const files = [...packages, 'e2e'].map((folder) => `${folder}/package.json`)
  return files.filter((file) => fs.existsSync(path.join(root, file))).sort()
}
