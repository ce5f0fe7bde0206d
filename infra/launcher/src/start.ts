import { existsSync, rmSync } from 'node:fs'
import { loadCoopConfig, type CoopConfig } from '@meetcoop/service/coop-config'
import { awaitReady } from './await-ready.ts'
import { checkPorts, neededPorts } from './check-ports.ts'
import { services, simulators, type Plan } from './constellation.ts'
import { askTenants, endpoints } from './endpoints.ts'
import { portsFrom } from './ports.ts'
import { readOrCreateSecrets } from './secrets.ts'
import { startServers } from './servers.ts'
import type { Settings } from './settings.ts'
import { StartFailure } from './start-failure.ts'
import { stopLeftOver, trackStartedProcesses } from './started-processes.ts'
import { holdStateDir } from './state-dir.ts'
import { summary } from './summary.ts'
import { supervise, type Around, type Program } from './supervise.ts'
import { writeWhole } from './write-whole.ts'

const readyPatienceMs = 120_000
// Together with the servers' two seconds less than the ten that a stop may take.
const servicePatienceMs = 6_000
const otherPatienceMs = 1_500

type Running = {
  settings: Settings
  root: string
  env: NodeJS.ProcessEnv
  say: (line: string) => void
  signal: AbortSignal
}

/**
 * Starts everything, tells how it goes, and keeps it running until `signal` aborts; then stops everything in reverse order.
 * @throws StartFailure when it cannot start; what had started by then is stopped.
 */
export async function start({ settings, root, env, say, signal }: Running): Promise<void> {
  const sinceStart = stopwatch()
  const coop = loadCoopConfig(settings.config)
  if (!settings.sandbox) mustHaveTokens(coop, env)
  say(`✓ ${settings.config}: ${coop.name}, ${coop.tiers.length} tiers`)

  // Disposed in reverse order: whatever is deferred first is undone last.
  await using undo = new AsyncDisposableStack()
  const state = holdStateDir(settings.stateDir)
  undo.defer(state.release)
  const leftOver = await stopLeftOver(state.children)
  if (leftOver > 0) say(`✓ stopped ${leftOver} processes that an earlier start left behind`)
  const ports = portsFrom(settings.portBase)
  const ours = { sandbox: settings.sandbox, nats: !env.NATS_URL, redis: !env.REDIS_URL }
  await checkPorts(neededPorts(ports, ours), settings.portBase)
  const secrets = readOrCreateSecrets(state.secrets)
  if (settings.sandbox && !existsSync(state.clock)) writeWhole(state.clock, { offsetMs: 0 })

  const started = trackStartedProcesses(state.children)
  undo.defer(started.close)
  const around: Around = { logDir: state.logDir, started, say: (line) => signal.aborted || say(`! ${line}`) }
  const sinceServers = stopwatch()
  const servers = await startServers({ stateDir: state.dir, ports, env, say, started, signal })
  undo.defer(servers.stop)
  say(`✓ NATS and Redis, ${sinceServers()} s`)

  const plan: Plan = { root, configFile: settings.config, coop, state, ports, secrets, sandbox: settings.sandbox }
  const run = (programs: Program[], patienceMs: number) => {
    const running = programs.map((program) => supervise(program, around))
    undo.defer(async () => void (await Promise.all(running.map((each) => each.stop(patienceMs)))))
    return running
  }
  const sinceServices = stopwatch()
  const all = services(plan, servers, env)
  const isPortal = ({ name }: Program) => name === 'portal'
  const simulated = settings.sandbox ? simulators(plan, env) : []
  const programs = [
    // The other services send their traces to the portal until they end: it goes after them.
    ...run([...simulated, ...all.filter(isPortal)], otherPatienceMs),
    ...run(
      all.filter((program) => !isPortal(program)),
      servicePatienceMs,
    ),
  ]
  undo.defer(() => say('Stopping …'))
  const onReady = (name: string) => say(`✓ ${name}, ${sinceServices()} s`)
  await awaitReady(programs, { patienceMs: readyPatienceMs, signal, onReady })

  const found = endpoints(plan, servers, await askTenants(plan, signal), env)
  writeWhole(state.endpoints, found)
  undo.defer(() => rmSync(state.endpoints, { force: true }))
  say(summary(found, { state, name: coop.name, seconds: sinceStart() }))
  await aborted(signal)
}

function mustHaveTokens(coop: CoopConfig, env: NodeJS.ProcessEnv) {
  const names = [coop.opencollective.tokenEnv, ...coop.nodes.map((node) => node.secretEnv)]
  const missing = names.filter((name) => !env[name])
  if (missing.length > 0)
    throw new StartFailure(
      `coop.yaml wants ${missing.join(' and ')} in the environment: export each with its secret first`,
    )
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function stopwatch(): () => string {
  const startedAt = performance.now()
  return () => ((performance.now() - startedAt) / 1000).toFixed(1)
}
