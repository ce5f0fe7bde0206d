import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { receiver, startForTest, until } from './start-for-test.ts'

let oc: Awaited<ReturnType<typeof startForTest>>
let hook: Awaited<ReturnType<typeof receiver>>

beforeEach(async () => {
  oc = await startForTest()
  hook = await receiver()
  await oc.control('webhook', { url: hook.url })
})
afterEach(async () => {
  await oc.close()
  await hook.close()
})

const bodies = () => hook.received.map(({ text }) => JSON.parse(text)).sort((a, b) => a.id - b.id)
const joinAna = (more = {}) => oc.control('contributions', { tierSlug: 'micro', name: 'Ana', slug: 'ana', ...more })

test('a new contributor is told of twice, as OpenCollective does it', async () => {
  const { status, body } = await joinAna({ email: 'ana@example.org' })
  expect(status).toBe(201)
  expect(body).toEqual({
    legacyId: 884213,
    publicId: expect.stringMatching(/^or_/),
    fromAccountLegacyId: 70011,
    webhooks: [
      { id: 9100001, type: 'collective.member.created', status: 'delivered', httpStatus: 200, error: null },
      { id: 9100002, type: 'order.processed', status: 'delivered', httpStatus: 200, error: null },
    ],
  })
  const order = {
    idV2: expect.stringMatching(/^(\w{8}-){3}\w{8}$/),
    publicId: body.publicId,
    id: 884213,
    totalAmount: 1200,
    currency: 'EUR',
    description: 'Monthly financial contribution to Example Coop (Micro organisation)',
    tags: null,
    interval: 'month',
    createdAt: '2026-09-10T06:00:00.000Z',
    quantity: 1,
    FromCollectiveId: 70011,
    TierId: 41207,
    formattedAmount: '€12.00',
    formattedAmountWithInterval: '€12.00 / month',
  }
  const ana = { type: 'USER', id: 70011, slug: 'ana', name: 'Ana' }
  const [created, processed] = bodies()
  expect(created).toEqual({
    createdAt: '2026-09-10T06:00:00.000Z',
    id: 9100001,
    type: 'collective.member.created',
    CollectiveId: 52001,
    data: {
      member: {
        role: 'BACKER',
        description: null,
        since: '2026-09-10T06:00:00.000Z',
        memberCollective: expect.objectContaining(ana),
        tier: null,
      },
      order,
    },
  })
  expect(processed).toMatchObject({
    id: 9100002,
    type: 'order.processed',
    data: {
      firstPayment: true,
      order,
      host: { id: 11004, slug: 'example-host' },
      collective: { id: 52001, slug: 'example-coop' },
      fromCollective: ana,
      tier: { idV2: expect.any(String), id: 41207 },
    },
  })
  expect(hook.received.map(({ text }) => text).join()).not.toContain('ana@example.org')
})

test('the request carries what axios sends, and no signature', async () => {
  await joinAna()
  const { method, headers } = hook.received[0]!
  expect(method).toBe('POST')
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    accept: 'application/json, text/plain, */*',
    'user-agent': 'axios/1.19.0',
  })
  const usual = ['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'host', 'user-agent']
  expect(Object.keys(headers).sort()).toEqual(usual)
})

test.each<[string, unknown, unknown[]]>([
  ['change', { tierSlug: 'small' }, []],
  ['cancel', { silent: true }, []],
  ['fail', {}, []],
  ['pause', {}, [['subscription.paused', { subscription: { id: 55 }, order: { id: 884213 }, tier: { id: 41207 } }]]],
  ['cancel', {}, [['subscription.canceled', { subscription: { id: 55 }, tier: { formattedAmount: '€12.00' } }]]],
  ['refund', {}, [['contribution.refunded', {}]]],
  ['dispute', {}, [['order.dispute.created', {}]]],
])('%s %j tells %j', async (action, body, told) => {
  await joinAna()
  hook.received.length = 0
  expect((await oc.control(`orders/884213/${action}`, body)).status).toBe(200)
  expect(bodies().map(({ type, data }) => [type, data])).toMatchObject(told)
  if (told.length > 0 && Object.keys((told[0] as [string, object])[1]).length === 0)
    expect(bodies()[0].data).toEqual({})
})

test('subscription.resumed names the order only', async () => {
  await joinAna()
  await oc.control('orders/884213/pause')
  hook.received.length = 0
  await oc.control('orders/884213/resume')
  expect(bodies()[0].data).toEqual({ order: expect.objectContaining({ id: 884213 }), tier: null })
})

test('a second contribution to the same tier makes no second member; an incognito one hides who', async () => {
  await joinAna()
  hook.received.length = 0
  await joinAna()
  await oc.control('contributions', { tierSlug: 'micro', name: 'Bea', incognito: true })
  expect(bodies().map(({ type }) => type)).toEqual(['order.processed', 'collective.member.created', 'order.processed'])
  expect(bodies()[1].data.member.memberCollective).toEqual({ type: 'USER', name: 'Incognito' })
  expect(hook.received.map(({ text }) => text).join()).not.toContain('Bea')
})

test('promised money is told of by empty notices until it arrives', async () => {
  await joinAna({ pending: true })
  await oc.control('orders/884213/receive')
  expect(bodies().map(({ type }) => type)).toEqual([
    'order.pending',
    'order.pending.received',
    'collective.member.created',
    'order.processed',
  ])
})

test.each<[number, Record<string, string>]>([
  [500, {}],
  [302, { location: '/elsewhere' }],
])('an answer of %s is final: no retry, no redirect', async (status, headers) => {
  Object.assign(hook.answer, { status, headers })
  const { body } = await joinAna()
  expect(body.webhooks).toMatchObject([
    { status: 'refused', httpStatus: status },
    { status: 'refused', httpStatus: status },
  ])
  expect(hook.received).toHaveLength(2)
})

test('webhooks can be lost, repeated and sent again under the same id', async () => {
  await oc.control('behaviour', { dropWebhooks: true })
  expect((await joinAna()).body.webhooks).toMatchObject([{ status: 'dropped' }, { status: 'dropped' }])
  await oc.control('behaviour', { dropWebhooks: 0, repeatWebhooks: 2 })
  await oc.control('orders/884213/pause')
  await until(() => hook.received.length === 3)
  expect(new Set(bodies().map(({ id }) => id))).toEqual(new Set([9100003]))
  await oc.control('behaviour', { repeatWebhooks: 0, delayWebhookMs: 30 })
  const resent = await oc.control('webhooks/9100001/resend')
  expect(resent.body).toMatchObject({ id: 9100001, status: 'delivered' })
  const log = await oc.read('webhooks')
  expect(log.webhooks.map(({ status }: { status: string }) => status)).toEqual([
    ...['dropped', 'dropped'],
    ...['delivered', 'delivered', 'delivered', 'delivered'],
  ])
})

test('half of the webhooks is lost when so asked', async () => {
  await oc.control('behaviour', { dropWebhooks: 0.5 })
  const statuses = []
  for (const name of ['Ana', 'Bea', 'Cleo']) {
    const { body } = await oc.control('contributions', { tierSlug: 'micro', name })
    statuses.push(...body.webhooks.map(({ status }: { status: string }) => status))
  }
  expect(statuses).toEqual(['delivered', 'dropped', 'delivered', 'dropped', 'delivered', 'dropped'])
  expect(hook.received).toHaveLength(3)
})

test('a call does not wait for a webhook longer than it is told to', async () => {
  await oc.control('behaviour', { delayWebhookMs: 600_000 })
  const { body } = await oc.control('contributions?waitMs=0', { tierSlug: 'micro', name: 'Ana' })
  expect(body.webhooks).toMatchObject([{ status: 'sending' }, { status: 'sending' }])
})
