import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startForTest } from './start-for-test.ts'

const tierOrders = `query TierOrders($slug:String!,$tiers:[TierReferenceInput],$st:[OrderStatus],$off:Int!){
 account(slug:$slug){ orders(filter:INCOMING,tier:$tiers,status:$st,onlySubscriptions:true,
   orderBy:{field:CREATED_AT,direction:ASC},limit:500,offset:$off){ totalCount nodes{
  publicId legacyId status frequency quantity createdAt updatedAt nextChargeDate lastChargedAt
  amount{valueInCents currency} tier{publicId legacyId slug type amountType amount{valueInCents}}
  fromAccount{publicId legacyId slug type isIncognito emails}}}}}`
const oneOrder = `query OneOrder($id:Int!){ order(order:{legacyId:$id}){ publicId status frequency updatedAt nextChargeDate
  amount{valueInCents currency} toAccount{legacyId slug} tier{legacyId slug} fromAccount{legacyId slug emails}
  customData membership{since isActive} activities{nodes{id type createdAt}}
  transactions{publicId kind type isRefund createdAt amount{valueInCents currency}}}}`
const ledger = `query Ledger($slug:String!,$since:DateTime!,$off:Int!){ transactions(account:[{slug:$slug}],dateFrom:$since,
  kind:[CONTRIBUTION,ADDED_FUNDS],hasOrder:true,orderBy:{field:CREATED_AT,direction:ASC},limit:500,offset:$off){
  totalCount nodes{publicId group kind type isRefund isRefunded isDisputed refundKind createdAt clearedAt
  amount{valueInCents currency} order{legacyId status tier{legacyId}}}}}`
const gap = `query Gap($slug:String!,$since:DateTime!){ activities(account:[{slug:$slug}],dateFrom:$since,limit:500,
  type:[CONTRIBUTIONS],orderBy:{field:CREATED_AT,direction:ASC}){ nodes{publicId type createdAt order{legacyId status}}}}`

const slug = 'example-coop'
const since = '2026-09-10T06:00:00.000Z'
let oc: Awaited<ReturnType<typeof startForTest>>

beforeAll(async () => {
  oc = await startForTest()
  await oc.control('contributions', { tierSlug: 'micro', name: 'Ana', email: 'ana@example.org', slug: 'ana' })
  await oc.control('contributions', { tierId: 41209, name: 'Bea', incognito: true, email: 'bea@example.org' })
  await oc.control('contributions', { tierSlug: 'small', name: 'Cleo', slug: 'cleo', pending: true })
  await oc.control('contributions', { name: 'Dan', slug: 'dan', amountMinor: 500, frequency: 'ONETIME' })
})
afterAll(() => oc.close())

test('TierOrders lists subscriptions with tier and contributor, PENDING ones only when asked for', async () => {
  const { body } = await oc.query(tierOrders, { slug, off: 0 })
  expect(body.errors).toBeUndefined()
  expect(body.data.account.orders.totalCount).toBe(2)
  expect(body.data.account.orders.nodes[0]).toEqual({
    publicId: expect.stringMatching(/^or_/),
    legacyId: 884213,
    status: 'ACTIVE',
    frequency: 'MONTHLY',
    quantity: 1,
    createdAt: since,
    updatedAt: since,
    nextChargeDate: '2026-10-01T00:00:00.000Z',
    lastChargedAt: since,
    amount: { valueInCents: 1200, currency: 'EUR' },
    tier: {
      publicId: expect.stringMatching(/^tier_/),
      legacyId: 41207,
      slug: 'micro',
      type: 'MEMBERSHIP',
      amountType: 'FIXED',
      amount: { valueInCents: 1200 },
    },
    fromAccount: {
      publicId: expect.stringMatching(/^acc_/),
      legacyId: 70011,
      slug: 'ana',
      type: 'INDIVIDUAL',
      isIncognito: false,
      emails: ['ana@example.org'],
    },
  })
  const pending = await oc.query(tierOrders, { slug, off: 0, st: ['PENDING'] })
  expect(pending.body.data.account.orders.nodes).toMatchObject([{ legacyId: 884215, nextChargeDate: null }])
})

test('TierOrders filters by tier and pages', async () => {
  const filtered = await oc.query(tierOrders, { slug, off: 0, tiers: [{ legacyId: 41209 }], st: ['ACTIVE'] })
  expect(filtered.body.data.account.orders.nodes.map((order: { legacyId: number }) => order.legacyId)).toEqual([884214])
  const paged = await oc.query(tierOrders, { slug, off: 1 })
  expect(paged.body.data.account.orders).toMatchObject({ totalCount: 2, nodes: [{ legacyId: 884214 }] })
})

test('an incognito contributor has no e-mail address, even to the admin', async () => {
  const { body } = await oc.query(oneOrder, { id: 884214 })
  expect(body.data.order.fromAccount).toEqual({
    legacyId: 70012,
    slug: expect.stringMatching(/^incognito-/),
    emails: null,
  })
})

test('OneOrder tells the whole order: both sides of the payment, and no member.created', async () => {
  const { body } = await oc.query(oneOrder, { id: 884213 })
  expect(body.errors).toBeUndefined()
  expect(body.data.order).toMatchObject({
    toAccount: { legacyId: 52001, slug },
    customData: {},
    membership: { since, isActive: true },
    activities: { nodes: [{ type: 'ORDER_PROCESSED', createdAt: since }] },
    transactions: [
      { type: 'DEBIT', amount: { valueInCents: -1200 } },
      { type: 'CREDIT', kind: 'CONTRIBUTION', isRefund: false, amount: { valueInCents: 1200, currency: 'EUR' } },
    ],
  })
})

test('Ledger lists what the collective received', async () => {
  const { body } = await oc.query(ledger, { slug, since, off: 0 })
  expect(body.errors).toBeUndefined()
  expect(body.data.transactions).toMatchObject({
    totalCount: 3,
    nodes: [
      { type: 'CREDIT', isRefunded: false, refundKind: null, order: { legacyId: 884213, tier: { legacyId: 41207 } } },
      { amount: { valueInCents: 6000 } },
      { order: { legacyId: 884216, status: 'PAID', tier: null } },
    ],
  })
  expect((await oc.query(ledger, { slug, since: '2026-09-11', off: 0 })).body.data.transactions.totalCount).toBe(0)
})

test('Gap names the order behind each activity, except that of a new member', async () => {
  const { body } = await oc.query(gap, { slug, since })
  expect(body.errors).toBeUndefined()
  expect(body.data.activities.nodes.slice(0, 2)).toMatchObject([
    { type: 'COLLECTIVE_MEMBER_CREATED', order: null },
    { type: 'ORDER_PROCESSED', order: { legacyId: 884213, status: 'ACTIVE' } },
  ])
})

test('without a token: orders yes, e-mail addresses and activities no', async () => {
  const order = await oc.query(oneOrder, { id: 884213 }, {})
  expect(order.body.data.order).toMatchObject({ status: 'ACTIVE', customData: null, fromAccount: { emails: null } })
  const { body } = await oc.query(gap, { slug, since }, {})
  expect(body).toMatchObject({ errors: [{ path: ['activities'], extensions: { code: 'Unauthorized' } }], data: null })
})

test.each([
  ['a missing order', '{ order(order: { legacyId: 1 }) { id } }', 'NotFound', 200],
  ['a missing account', '{ account(slug: "nobody") { id } }', 'NotFound', 200],
  [
    'too long a list',
    '{ account(slug: "example-coop") { orders(limit: 1001) { totalCount } } }',
    'INTERNAL_SERVER_ERROR',
    200,
  ],
  ['an unknown field', '{ everything }', 'GRAPHQL_VALIDATION_FAILED', 400],
  ['half a query', '{ account(', 'GRAPHQL_PARSE_FAILED', 400],
  ['too many tokens', `{ ${'account '.repeat(1500)} }`, 'GRAPHQL_PARSE_FAILED', 400],
])('%s is an error with its code', async (_, query, code, status) => {
  const answer = await oc.query(query)
  expect(answer.status).toBe(status)
  expect(answer.body.errors).toMatchObject([{ message: expect.any(String), extensions: { code } }])
})

test('a NotFound error has the path and an id', async () => {
  const { body } = await oc.query('{ order(order: { legacyId: 1 }) { id } }')
  expect(body).toEqual({
    data: { order: null },
    errors: [expect.objectContaining({ path: ['order'], extensions: { code: 'NotFound', id: expect.any(String) } })],
  })
})
