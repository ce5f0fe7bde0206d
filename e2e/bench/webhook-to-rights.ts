import { openBus, type Bus } from '@meetcoop/bus'
import { factFromJson, type Envelope } from '@meetcoop/contracts'
import { setTimeout as pause } from 'node:timers/promises'
import type { Endpoints } from '../constellation.ts'
import { memberOf } from '../demo/steps/member-of.ts'
import { quantile } from './figures.ts'

export type LatencyFigures = { webhooksPerSecond: number; n: number; p50Ms: number; p99Ms: number }

const webhooksPerContribution = 2
const patienceMs = 30_000

/**
 * From the moment OpenCollective is told of a new contributor, which sends its webhooks at once, to the moment that the
 * member's whole set of rights is on the bus. Contributions start at an even pace, whatever the system does.
 */
export async function benchWebhookToRights(
  endpoints: Endpoints,
  seconds: number,
  webhooksPerSecond: number,
): Promise<LatencyFigures> {
  const bus = await openBus({ url: endpoints.nats, name: 'bench' })
  const arrivals = watch(bus)
  const everyMs = (1000 * webhooksPerContribution) / webhooksPerSecond
  const count = Math.round((seconds * 1000) / everyMs)
  const beganAt = performance.now()
  const orders = await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      await pause(Math.max(0, n * everyMs - (performance.now() - beganAt)))
      const sentAt = performance.now()
      return { sentAt, contributionId: `oc-${await contribute(endpoints, n)}` }
    }),
  )
  const deadline = performance.now() + patienceMs
  const latencies = () =>
    orders.flatMap(({ sentAt, contributionId }) => {
      const at = arrivals.rightsAt(contributionId)
      return at === undefined ? [] : [at - sentAt]
    })
  while (latencies().length < count && performance.now() < deadline) await pause(100)
  await arrivals.stop()
  await bus.close()
  const all = latencies()
  if (all.length < count) throw new Error(`${count - all.length} of ${count} contributions never became rights`)
  return { webhooksPerSecond, n: all.length, p50Ms: quantile(all, 0.5), p99Ms: quantile(all, 0.99) }
}

async function contribute({ sandbox }: Endpoints, n: number): Promise<number> {
  const response = await fetch(`${sandbox.opencollective}/sandbox/contributions?waitMs=0`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tierSlug: 'individual-host', name: `Contributor ${n}`, frequency: 'MONTHLY' }),
  })
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}: ${await response.text()}`)
  return ((await response.json()) as { legacyId: number }).legacyId
}

function watch(bus: Bus) {
  const members = new Map<string, string>()
  const rights = new Map<string, number>()
  const onEvent = (event: Envelope) => {
    if (event.type === 'ContributionStarted') {
      const { contribution } = factFromJson(event.type, event.data).data as {
        contribution?: { contributionId: string; contributorId: string }
      }
      if (contribution) members.set(contribution.contributionId, memberOf(contribution.contributorId))
    }
    if (event.type === 'EntitlementsSet' && !rights.has(event.aggregateId))
      rights.set(event.aggregateId, performance.now())
  }
  const onError = (error: unknown) => process.stderr.write(`events: ${(error as Error).message}\n`)
  const following = bus.follow({ sources: ['billing', 'membership'], last: 0, onEvent, onError })
  return {
    rightsAt: (contributionId: string) => rights.get(members.get(contributionId) ?? ''),
    stop: () => following.stop(),
  }
}
