import { setTimeout as wait } from 'node:timers/promises'
import { publicUrls, sandboxNodes, sandboxOpencollective, serviceUrls, webhookUrl, type Plan } from './constellation.ts'
import { serviceNames } from './ports.ts'
import type { Servers } from './servers.ts'
import { StartFailure } from './start-failure.ts'

const tenantsPatienceMs = 10_000

export type Tenant = { id: string; secret: string; url: string }
export type Endpoints = ReturnType<typeof endpoints>

/** What run/endpoints.json tells: every address that a person, a test or the coop command needs. Holds secrets. */
export function endpoints(plan: Plan, servers: Servers, tenants: Tenant[], env: NodeJS.ProcessEnv) {
  const local = serviceUrls(plan)
  const urls = publicUrls(plan)
  const sandbox = {
    opencollective: sandboxOpencollective(plan),
    nodes: sandboxNodes(plan).map(({ url, secret }) => ({ url, secret })),
    clock: plan.state.clock,
  }
  return {
    bbb: { url: `${urls['bbb-gateway']}/bigbluebutton/api/`, tenants },
    portal: urls.portal,
    operatorToken: plan.secrets.operatorToken,
    opencollectiveWebhook: webhookUrl(plan),
    recordings: urls['recording-storage'],
    ...(plan.sandbox ? { sandbox } : {}),
    services: Object.fromEntries(
      serviceNames.map((name) => [name, { url: local[name], grpc: `127.0.0.1:${plan.ports.grpc[name]}` }]),
    ),
    nats: servers.natsUrl,
    redis: servers.redisUrl,
    store: env.MONGODB_URI ? 'mongodb' : 'sqlite',
  }
}

/** The host accounts that may use the BBB API, the co-op's own first. It is opened by events: it may take a moment. */
export async function askTenants(plan: Plan, signal: AbortSignal): Promise<Tenant[]> {
  const url = `${serviceUrls(plan).membership}/operator/tenants`
  const headers = { authorization: `Bearer ${plan.secrets.operatorToken}` }
  const deadline = performance.now() + tenantsPatienceMs
  let last = 'it lists none'
  while (performance.now() < deadline) {
    const timeout = AbortSignal.timeout(1_000)
    const answer = await fetch(url, { headers, signal: AbortSignal.any([signal, timeout]) }).catch(
      (error: Error) => error,
    )
    signal.throwIfAborted()
    if (answer instanceof Error) last = answer.message
    else if (!answer.ok) last = `it answers ${answer.status}`
    else {
      const tenants = (await answer.json()) as Tenant[]
      if (tenants.length > 0) return tenants
    }
    await wait(50)
  }
  throw new StartFailure(
    `membership does not tell the co-op's host account (${last}); see ${plan.state.logDir}/membership.log`,
  )
}
