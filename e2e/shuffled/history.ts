import { billing } from './services.ts'
import type { Envelope } from '@meetcoop/contracts'
import type { Placement } from '@meetcoop/contracts/node-orchestration'
import { openTestService } from '@meetcoop/service/testing'
import { startOpenCollective } from '@meetcoop/sim-opencollective'

const day = 86_400_000
const token = 'the-token-of-the-sandbox'

const tier = (legacyId: number, slug: string, amountMinor: number) =>
  ({ legacyId, slug, name: slug, amountMinor, currency: 'EUR', interval: 'month' }) as const

export type MoneyHistory = { events: Envelope[]; nowMs: number; queries: object }

/**
 * What billing published over half a year in which one contributor raises, cancels and lapses, one only goes on, one
 * fails to pay and is charged again, and one cancels, lapses and comes back. From the real service and its simulator.
 */
export async function moneyHistory(startMs: number): Promise<MoneyHistory & { close(): Promise<void> }> {
  let nowMs = startMs
  const tiers = [
    tier(41201, 'individual-host', 1_000),
    tier(41202, 'micro-organisation', 2_083),
    tier(41203, 'small-organisation', 4_167),
  ]
  const sandbox = await startOpenCollective({
    port: 0,
    token,
    collectiveSlug: 'example-meeting-coop',
    tiers,
    clock: { nowMs: () => nowMs },
    requestsPerMinute: 10_000,
  })
  const service = await openTestService(billing, {
    settings: { OPENCOLLECTIVE_URL: sandbox.graphqlUrl, OPENCOLLECTIVE_TOKEN: token },
    nowMs,
  })
  const post = async (path: string, body: object) => {
    const response = await fetch(`${sandbox.url}/sandbox/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
    return (await response.json()) as { legacyId: number }
  }
  const pass = async (days: number) => {
    nowMs += days * day
    service.moveClock(days * day)
    for (let round = 0; round < 3; round++) {
      await service.runLoops()
      await service.runJobs()
    }
  }
  const start = async (tierSlug: string, name: string) =>
    (await post('contributions', { tierSlug, name, frequency: 'MONTHLY' })).legacyId

  const raiser = await start('micro-organisation', 'Raiser')
  await start('individual-host', 'Steady')
  const late = await start('small-organisation', 'Late')
  await pass(1)
  const returner = await start('micro-organisation', 'Returner')
  await post(`orders/${raiser}/change`, { tierSlug: 'small-organisation' })
  await post(`orders/${late}/fail`, { times: 2 })
  await pass(25)
  await post(`orders/${returner}/cancel`, {})
  await pass(3)
  await post(`orders/${raiser}/cancel`, {})
  await pass(70)
  await post('contributions', {
    tierSlug: 'individual-host',
    name: 'Returner',
    slug: 'returner-again',
    frequency: 'MONTHLY',
  })
  await pass(30)
  return {
    events: await service.written(),
    nowMs,
    queries: Object.assign({}, ...(service.edges.grpc ?? []).map(({ queries }) => queries)) as object,
    close: async () => {
      await service.close()
      await sandbox.close()
    },
  }
}

/** The life of one meeting as node-orchestration tells it: placed, started, ended. */
export function meetingHistory(placement: Placement): Envelope[] {
  const told = (
    type: 'MeetingPlaced' | 'MeetingStarted' | 'MeetingEnded',
    version: number,
    placement: Placement,
  ): Envelope => ({
    id: `${placement.meetingKey}.${version}.0`,
    type,
    aggregateId: placement.meetingKey,
    version,
    causeId: 'poll',
    occurredAtMs: placement.placedAtMs,
    traceparent: '',
    data: { placement },
  })
  const placed: Placement = {
    ...placement,
    status: 'RESERVED',
    internalMeetingId: '',
    startedAtMs: 0,
    endedAtMs: 0,
    participantsPeak: 0,
    participantMinutes: 0,
  }
  const running: Placement = { ...placement, status: 'RUNNING', endedAtMs: 0, participantMinutes: 0 }
  return [told('MeetingPlaced', 1, placed), told('MeetingStarted', 2, running), told('MeetingEnded', 3, placement)]
}
