import { channel } from 'node:diagnostics_channel'
import Fastify from 'fastify'
import { openTestService } from '@meetcoop/service/testing'
import { startOpenCollective } from '../../../e2e/simulators/opencollective/src/index.ts'
import { service } from './service.ts'

const token = 'sandbox-token'
const tier = (legacyId: number, slug: string, amountMinor: number) =>
  ({ legacyId, slug, name: slug, amountMinor, currency: 'EUR', interval: 'month' }) as const

/** Billing and a simulated OpenCollective on one clock; its webhooks are delivered only by the test. */
export async function openBilling(nowMs = Date.UTC(2026, 9, 10, 12)) {
  let offsetMs = 0
  const openCollective = await startOpenCollective({
    port: 0,
    token,
    collectiveSlug: 'example-meeting-coop',
    tiers: [tier(41202, 'micro', 2_100), tier(41203, 'small', 4_200), tier(99999, 'sticker', 100)],
    clock: { nowMs: () => nowMs + offsetMs },
    requestsPerMinute: 10_000,
  })
  const settings = { OPENCOLLECTIVE_URL: openCollective.graphqlUrl, OPENCOLLECTIVE_TOKEN: token }
  const billing = await openTestService(service, { settings, nowMs })
  const app = Fastify()
  await billing.edges.http?.(app)
  const path = billing.house.secrets.webhookPath
  const calls = countCalls(new URL(openCollective.url).port)

  const post = async (route: string, body: object = {}) => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(openCollective.url + route, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${route} answers ${answer.status}`)
    return (await answer.json()) as { legacyId: number }
  }
  return {
    ...billing,
    /** How many GraphQL calls were made since the last time it was asked. */
    calls: calls.sinceLast,
    moveClock: (ms: number) => {
      offsetMs += ms
      billing.moveClock(ms)
    },
    sandbox: {
      start: async (wish: object = {}) =>
        (await post('/sandbox/contributions', { tierSlug: 'micro', name: 'Ana', email: 'ana@example.org', ...wish }))
          .legacyId,
      act: (order: number, action: string, body?: object) => post(`/sandbox/orders/${order}/${action}`, body),
      behave: (api: string) => post('/sandbox/behaviour', { api }),
    },
    webhook: (body: object | string, to = path) =>
      app.inject({
        method: 'POST',
        url: `/webhooks/opencollective/${to}`,
        headers: { 'content-type': 'application/json' },
        payload: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    /** Lets everything that waits happen: hints, look-ups, a sweep if it is time. */
    settle: async () => {
      await billing.runLoops()
      await billing.runJobs()
    },
    facts: async () => (await billing.written()).map(({ type, aggregateId }) => `${type} ${aggregateId}`),
    close: async () => {
      calls.stop()
      await app.close()
      await billing.close()
      await openCollective.close()
    },
  }
}

export type Billing = Awaited<ReturnType<typeof openBilling>>

/** A webhook as OpenCollective sends it: of a kind that names its order, or of one that names nothing. */
export const webhookOf = (id: number, order?: number) => ({
  createdAt: '2026-10-10T12:00:00.000Z',
  id,
  type: order ? 'order.processed' : 'contribution.refunded',
  CollectiveId: 52_001,
  data: order ? { firstPayment: true, order: { id: order, TierId: 41202 } } : {},
})

function countCalls(port: string) {
  let count = 0
  const onRequest = (message: unknown) => {
    const { request } = message as { request: { origin: string; path: string } }
    if (new URL(request.origin).port === port && request.path === '/graphql/v2') count++
  }
  const requests = channel('undici:request:create')
  requests.subscribe(onRequest)
  return {
    sinceLast: () => {
      const since = count
      count = 0
      return since
    },
    stop: () => requests.unsubscribe(onRequest),
  }
}
