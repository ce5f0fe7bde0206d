import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { limits } from './model.ts'
import { receiver, startForTest, until } from './start-for-test.ts'

let oc: Awaited<ReturnType<typeof startForTest>>
beforeEach(async () => {
  oc = await startForTest()
})
afterEach(() => oc.close())

const join = (body: object) => oc.control('contributions', { name: 'Ana', slug: 'ana', ...body })
const read = async () => {
  const { body } = await oc.query(`{ order(order: { legacyId: 884213 }) {
    status frequency nextChargeDate lastChargedAt tier { slug } amount { valueInCents }
    activities { nodes { type createdAt } }
    transactions { type isRefund isRefunded isDisputed refundKind createdAt amount { valueInCents } } } }`)
  const { order } = body.data
  const day = (iso: string | null) => iso?.slice(0, 10) ?? null
  const credits = order.transactions.filter(({ type, isRefund }: never) => type === 'CREDIT' && !isRefund)
  return { ...order, next: day(order.nextChargeDate), charges: credits.map((row: never) => day(row['createdAt'])) }
}

test.each([
  [
    '2026-09-10',
    '2026-12-15',
    { tierSlug: 'micro' },
    ['2026-09-10', '2026-10-01', '2026-11-01', '2026-12-01'],
    '2027-01-01',
  ],
  ['2026-09-20', '2026-12-15', { tierSlug: 'micro' }, ['2026-09-20', '2026-11-01', '2026-12-01'], '2027-01-01'],
  ['2026-09-20', '2028-01-01', { tierSlug: 'friend' }, ['2026-09-20', '2027-09-01'], '2028-09-01'],
  ['2026-09-20', '2026-09-30', { tierSlug: 'micro' }, ['2026-09-20'], '2026-11-01'],
  ['2026-09-20', '2027-09-30', { amountMinor: 700, frequency: 'ONETIME' }, ['2026-09-20'], null],
])('joined on %s, by %s: %j is charged on %j, next on %s', async (joined, by, wish, charges, next) => {
  oc.clock.atMs = Date.parse(joined)
  await join(wish)
  oc.clock.atMs = Date.parse(by)
  expect(await read()).toMatchObject({ charges, next })
})

test.each([
  [1, '2026-10-01', 'ERROR', '2026-10-03'],
  [2, '2026-10-03', 'ERROR', '2026-10-05'],
  [3, '2026-10-05', 'ERROR', '2026-10-10'],
  [4, '2026-10-10', 'ERROR', '2026-10-15'],
  [5, '2026-10-15', 'ERROR', '2026-10-20'],
  [6, '2026-10-20', 'CANCELLED', '2026-10-25'],
])('failure %i, on %s, leaves the order %s with the next attempt on %s', async (times, by, status, next) => {
  await join({ tierSlug: 'micro' })
  await oc.control('orders/884213/fail')
  oc.clock.atMs = Date.parse(by)
  const order = await read()
  expect(order).toMatchObject({ status, next, charges: ['2026-09-10'] })
  const types = order.activities.nodes.map(({ type }: { type: string }) => type)
  expect(types).toEqual(['ORDER_PROCESSED', ...Array(times).fill('PAYMENT_FAILED')])
})

test('a retry that works makes the order ACTIVE, and the month keeps its place', async () => {
  await join({ tierSlug: 'micro' })
  await oc.control('orders/884213/fail', { times: 3 })
  oc.clock.atMs = Date.parse('2026-10-12')
  expect(await read()).toMatchObject({ status: 'ACTIVE', charges: ['2026-09-10', '2026-10-10'], next: '2026-11-01' })
})

test('a charge falls due without anybody asking, and order.processed says so', async () => {
  const hook = await receiver()
  await join({ tierSlug: 'micro' })
  await oc.control('webhook', { url: hook.url })
  oc.clock.atMs = Date.parse('2026-10-01T00:00:01Z')
  await until(() => hook.received.length === 1)
  const { type, data, createdAt } = JSON.parse(hook.received[0]!.text)
  expect([type, data.firstPayment, createdAt]).toEqual(['order.processed', false, '2026-10-01T00:00:00.000Z'])
  await hook.close()
})

test('a raise changes tier and amount from now on, without proration', async () => {
  await join({ tierSlug: 'micro' })
  await oc.control('orders/884213/change', { tierSlug: 'small' })
  expect(await read()).toMatchObject({
    tier: { slug: 'small' },
    amount: { valueInCents: 3000 },
    charges: ['2026-09-10'],
  })
})

test('another interval moves the next charge', async () => {
  await join({ tierSlug: 'micro' })
  await oc.control('orders/884213/change', { frequency: 'YEARLY' })
  expect(await read()).toMatchObject({ frequency: 'YEARLY', amount: { valueInCents: 14_400 }, next: '2027-01-01' })
})

test('nothing is charged while paused; resuming charges once and goes on with the next month', async () => {
  await join({ tierSlug: 'micro' })
  await oc.control('orders/884213/pause')
  oc.clock.atMs = Date.parse('2027-01-10')
  expect(await read()).toMatchObject({ status: 'PAUSED', charges: ['2026-09-10'] })
  await oc.control('orders/884213/resume')
  expect(await read()).toMatchObject({ status: 'ACTIVE', charges: ['2026-09-10', '2027-01-10'], next: '2027-02-01' })
})

test('a cancelled order keeps its date, a silently cancelled one loses it; neither is charged', async () => {
  await join({ tierSlug: 'micro' })
  await oc.control('orders/884213/cancel')
  oc.clock.atMs = Date.parse('2027-01-10')
  expect(await read()).toMatchObject({ status: 'CANCELLED', next: '2026-10-01', charges: ['2026-09-10'] })
  expect((await oc.control('orders/884213/cancel')).status).toBe(409)
})

test('a refund marks the charge and enters a negative row; the order goes on', async () => {
  await join({ tierSlug: 'micro' })
  await oc.control('orders/884213/refund')
  const order = await read()
  expect(order.status).toBe('ACTIVE')
  expect(order.transactions.slice(1)).toMatchObject([
    { type: 'CREDIT', isRefund: false, isRefunded: true, refundKind: null },
    { type: 'CREDIT', isRefund: true, amount: { valueInCents: 1200 } },
    { type: 'DEBIT', isRefund: true, refundKind: 'REFUND', amount: { valueInCents: -1200 } },
  ])
  expect((await oc.control('orders/884213/refund')).status).toBe(409)
})

test('a dispute ends the charges', async () => {
  await join({ tierSlug: 'micro' })
  await oc.control('orders/884213/dispute')
  oc.clock.atMs = Date.parse('2027-01-10')
  const order = await read()
  expect(order).toMatchObject({ status: 'DISPUTED', charges: ['2026-09-10'] })
  expect(order.transactions[1]).toMatchObject({ isDisputed: true })
})

test('a leap over eighty years of 10 members ends, and forgets only the oldest rows', async () => {
  for (let i = 0; i < 10; i++) await oc.control('contributions', { tierSlug: 'micro', name: `Member ${i}` })
  oc.clock.atMs = Date.parse('2106-09-15')
  await until(async () => (await read()).next === '2106-10-01')
  expect((await read()).transactions).toHaveLength(limits.rowsPerOrder)
})
