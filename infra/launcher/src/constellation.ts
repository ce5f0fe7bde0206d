import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { CoopConfig, TierConfig } from '@meetcoop/service/coop-config'
import { serviceNames, type Ports, type ServiceName } from './ports.ts'
import { httpAnswers } from './probe.ts'
import type { Secrets } from './secrets.ts'
import type { Servers } from './servers.ts'
import type { StateDir } from './state-dir.ts'
import type { Program } from './supervise.ts'

const host = '127.0.0.1'
// What the real OpenCollective answers to one token in a minute.
const allowedByOpencollective = 100

const at = (port: number) => `http://${host}:${port}`

// Measured over six services: 509 MB instead of 622 MB. A small young generation costs throughput, which the gateway needs.
const leanFlags = ['--max-semi-space-size=2']
const leanMalloc = { MALLOC_ARENA_MAX: '2' }

/** All that the environment of the programs is made from. */
export type Plan = {
  root: string
  configFile: string
  coop: CoopConfig
  state: StateDir
  ports: Ports
  secrets: Secrets
  sandbox: boolean
}

export type SandboxNode = { nodeId: string; url: string; secret: string; region: string }

/** Where the services answer on this machine. */
export const serviceUrls = ({ ports }: Plan) => mapServices((name) => at(ports.http[name]))

/** Where the world outside reaches the services. */
export const publicUrls = (plan: Plan) => ({ ...serviceUrls(plan), ...(plan.sandbox ? {} : plan.coop.addresses) })

export const webhookUrl = (plan: Plan) =>
  `${publicUrls(plan).billing}/webhooks/opencollective/${plan.secrets.webhookPath}`

export const sandboxOpencollective = ({ ports }: Plan) => at(ports.opencollective)

/** The simulated nodes, spread over the first regions of the co-op. */
export function sandboxNodes({ ports, secrets, coop }: Plan): SandboxNode[] {
  return ports.nodes.map((port, i) => ({
    nodeId: `node-${i + 1}`,
    url: `${at(port)}/bigbluebutton/api/`,
    secret: secrets.sandboxNodeSecrets[i]!,
    region: coop.regions[i % coop.regions.length]!,
  }))
}

/** The seven services with their settings. */
export function services(plan: Plan, servers: Servers, env: NodeJS.ProcessEnv): Program[] {
  const { ports, state } = plan
  const everywhere = {
    ...env,
    HOST: host,
    NATS_URL: servers.natsUrl,
    REDIS_URL: servers.redisUrl,
    COOP_CONFIG: plan.configFile,
    SECRETS_FILE: state.secrets,
    PEERS: JSON.stringify(mapServices((name) => `${host}:${ports.grpc[name]}`)),
    URLS: JSON.stringify(publicUrls(plan)),
    ...(env.OTEL_EXPORTER_OTLP_ENDPOINT ? {} : tracesToPortal(plan)),
    ...(plan.sandbox ? sandboxSettings(plan) : realSettings(plan, env)),
  }
  return serviceNames.map((name) => {
    const own = {
      SERVICE_NAME: name,
      HTTP_PORT: String(ports.http[name]),
      GRPC_PORT: String(ports.grpc[name]),
      STATE_DIR: folder(state, name),
    }
    const isReady = () => httpAnswers(`${at(ports.http[name])}/readyz`, 200)
    return script(plan, name, `services/${name}/src/main.ts`, { ...everywhere, ...own }, isReady)
  })
}

/** Two BBB nodes and an OpenCollective that behave like real ones. */
export function simulators(plan: Plan, env: NodeJS.ProcessEnv): Program[] {
  const { ports, secrets, coop, state } = plan
  const around = { ...env, HOST: host, SANDBOX_CLOCK: state.clock }
  const nodes = sandboxNodes(plan).map(({ nodeId, secret }, i) => {
    const port = ports.nodes[i]!
    const own = { PORT: String(port), BBB_SECRET: secret, NODE_NAME: nodeId, STATE_DIR: folder(state, nodeId) }
    return script(plan, nodeId, 'e2e/simulators/bbb-node/src/main.ts', { ...around, ...own }, () =>
      httpAnswers(at(port)),
    )
  })
  const opencollective = {
    PORT: String(ports.opencollective),
    OC_TOKEN: secrets.opencollectiveToken,
    OC_SLUG: coop.opencollective.slug,
    OC_TIERS: JSON.stringify(tiersAtOpencollective(coop)),
    OC_REQUESTS_PER_MINUTE: String(Math.max(coop.opencollective.requestsPerMinute, allowedByOpencollective)),
    WEBHOOK_URL: webhookUrl(plan),
    STATE_FILE: path.join(folder(state, 'opencollective'), 'state.json'),
  }
  const isReady = () => httpAnswers(at(ports.opencollective))
  const main = 'e2e/simulators/opencollective/src/main.ts'
  return [...nodes, script(plan, 'opencollective', main, { ...around, ...opencollective }, isReady)]
}

function script(plan: Plan, name: string, main: string, env: NodeJS.ProcessEnv, isReady: Program['isReady']): Program {
  const args = [...(name === 'bbb-gateway' ? [] : leanFlags), path.join(plan.root, main)]
  return { name, command: process.execPath, args, env: { ...leanMalloc, ...env }, isReady }
}

/** The portal takes spans from whoever has the operators' token; nobody waits long for it at the end. */
function tracesToPortal({ ports, secrets }: Plan) {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: at(ports.http.portal),
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${encodeURIComponent(`Bearer ${secrets.operatorToken}`)}`,
    OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
  }
}

function sandboxSettings(plan: Plan) {
  return {
    SANDBOX_CLOCK: plan.state.clock,
    OPENCOLLECTIVE_URL: `${sandboxOpencollective(plan)}/graphql/v2`,
    OPENCOLLECTIVE_TOKEN: plan.secrets.opencollectiveToken,
    SANDBOX_NODES: JSON.stringify(sandboxNodes(plan)),
  }
}

function realSettings({ coop }: Plan, env: NodeJS.ProcessEnv) {
  return { OPENCOLLECTIVE_URL: coop.opencollective.apiUrl, OPENCOLLECTIVE_TOKEN: env[coop.opencollective.tokenEnv] }
}

/** What the simulated OpenCollective offers: every tier that coop.yaml ties to it, paid monthly (it takes yearly too). */
function tiersAtOpencollective({ tiers, currency }: CoopConfig) {
  return tiers.flatMap(({ id, name, contribution, opencollectiveTiers }) =>
    opencollectiveTiers.map((legacyId) => {
      const amountMinor = monthlyMinor(contribution)
      return { legacyId, slug: id, name, amountMinor, currency, interval: 'month' }
    }),
  )
}

/** The least whole amount a month that makes up the contribution; 0 where it is agreed with each member. */
function monthlyMinor(contribution: TierConfig['contribution']): number {
  if (typeof contribution === 'string') return 0
  return contribution.per === 'month' ? contribution.amountMinor : Math.ceil(contribution.amountMinor / 12)
}

function folder(state: StateDir, name: string): string {
  const dir = path.join(state.dir, name)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  return dir
}

function mapServices<T>(of: (name: ServiceName) => T) {
  return Object.fromEntries(serviceNames.map((name) => [name, of(name)])) as Record<ServiceName, T>
}
