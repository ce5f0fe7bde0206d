import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { BillingQueryServiceServer } from '@meetcoop/contracts/billing'
import type { Queries } from '@meetcoop/service'
import { openBilling, webhookOf, type Billing } from './testing.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
let billing: Billing
let realMs: number

beforeEach(async () => {
  realMs = Date.now()
  jest.spyOn(Date, 'now').mockImplementation(() => realMs)
  billing = await openBilling()
  await billing.settle()
  billing.calls()
})
afterEach(async () => {
  jest.restoreAllMocks()
  await billing.close()
})

const queries = () => billing.edges.grpc?.[0]?.queries as unknown as Queries<BillingQueryServiceServer>
const contributionOf = async (order: number) =>
  (await queries().getContribution({ contributionId: `oc-${order}` })).contribution

describe('a webhook', () => {
  test('is answered when it is kept, and its order decided on', async () => {
    const order = await billing.sandbox.start()
    const answer = await billing.webhook(webhookOf(1, order))
    expect([answer.statusCode, await billing.facts()]).toEqual([200, []])
    await billing.settle()
    expect(await billing.facts()).toEqual([`ContributionStarted oc-${order}`])
    expect(await contributionOf(order)).toMatchObject({
      tierId: 'micro-organisation',
      status: 'ACTIVE',
      amountMinor: 2_100,
      paidThroughMs: Date.UTC(2026, 10, 1),
      rightsUntilMs: Date.UTC(2026, 10, 21),
    })
  })

  test('repeated or forged costs one call per order and minute, and changes nothing', async () => {
    const order = await billing.sandbox.start()
    for (let id = 1; id <= 50; id++) {
      expect((await billing.webhook(webhookOf(id, order))).statusCode).toBe(200)
      expect((await billing.webhook(webhookOf(id, order))).statusCode).toBe(200)
      await billing.settle()
    }
    expect([billing.calls(), await billing.facts()]).toEqual([1, [`ContributionStarted oc-${order}`]])
    realMs += minuteMs - 1
    await billing.settle()
    expect(billing.calls()).toBe(0)
    realMs += 1
    await billing.settle()
    await billing.settle()
    expect([billing.calls(), await billing.facts()]).toEqual([1, [`ContributionStarted oc-${order}`]])
  })

  test('of an order that is none, or of no tier of ours, leaves no trace', async () => {
    const sticker = await billing.sandbox.start({ tierSlug: 'sticker' })
    await billing.webhook(webhookOf(1, sticker))
    await billing.webhook(webhookOf(2, 4_711))
    await billing.settle()
    expect([billing.calls(), await billing.facts()]).toEqual([2, []])
    await expect(contributionOf(sticker)).rejects.toThrow('no such contribution')
  })

  test('that names no order has all orders looked at, once a minute', async () => {
    const order = await billing.sandbox.start()
    realMs += minuteMs
    for (let id = 1; id <= 20; id++) {
      await billing.webhook(webhookOf(id))
      await billing.settle()
      await billing.settle()
    }
    // The list of orders and the ledger.
    expect([billing.calls(), await billing.facts()]).toEqual([2, [`ContributionStarted oc-${order}`]])
  })

  test('faster than its order is followed by another look', async () => {
    const order = await billing.sandbox.start({ pending: true })
    await billing.webhook(webhookOf(1, order))
    await billing.settle()
    await billing.sandbox.act(order, 'receive')
    realMs += minuteMs
    await billing.settle()
    expect(await billing.facts()).toEqual([`ContributionStarted oc-${order}`])
  })

  test.each([
    ['another path', webhookOf(1, 1), 'webhook-guessed', 404],
    ['a body that is no JSON', '{"id":', undefined, 400],
    ['no id', { type: 'order.processed', data: {} }, undefined, 400],
    ['an id that is no number', { id: '1', type: 'order.processed', data: {} }, undefined, 400],
    ['no data', { id: 1, type: 'order.processed' }, undefined, 400],
    ['too much of it', { ...webhookOf(1, 1), more: 'x'.repeat(65_536) }, undefined, 413],
  ])('with %s is refused and costs nothing', async (_what, body, path, status) => {
    const answer = await billing.webhook(body, path)
    await billing.settle()
    expect([answer.statusCode, billing.calls()]).toEqual([status, 0])
    expect(answer.body).not.toContain('webhook-0')
  })
})

describe('a sweep', () => {
  const sweep = async (afterMs = 10 * minuteMs) => {
    billing.moveClock(afterMs)
    realMs += 1_000
    await billing.settle()
  }

  test('finds what no webhook told of', async () => {
    const order = await billing.sandbox.start()
    await sweep()
    await billing.sandbox.act(order, 'change', { tierSlug: 'small' })
    await sweep()
    await sweep()
    expect(await billing.facts()).toEqual([`ContributionStarted oc-${order}`, `ContributionAltered oc-${order}`])
    expect(await contributionOf(order)).toMatchObject({ tierId: 'small-organisation', amountMinor: 4_200 })
  })

  test('goes on page by page, with room for look-ups between', async () => {
    await Promise.all(Array.from({ length: 501 }, () => billing.sandbox.start()))
    await sweep()
    expect([billing.calls(), (await billing.facts()).length]).toEqual([1, 500])
    await billing.settle()
    expect(billing.calls()).toBe(0)
    realMs += 5_000
    await billing.settle()
    expect([billing.calls(), (await billing.facts()).length]).toEqual([2, 501])
  })

  test('comes no sooner than coop.yaml says', async () => {
    billing.moveClock(10 * minuteMs - 1)
    await billing.settle()
    expect(billing.calls()).toBe(0)
  })

  test('after the clock has jumped sees what was paid before it ends anything', async () => {
    const order = await billing.sandbox.start()
    await sweep()
    await sweep(70 * dayMs)
    expect(await billing.facts()).toEqual([`ContributionStarted oc-${order}`, `ContributionRenewed oc-${order}`])
  })

  test('ends the rights of who cancelled after paid time and grace, and not before', async () => {
    const order = await billing.sandbox.start()
    await sweep()
    await billing.sandbox.act(order, 'cancel')
    await sweep(41.5 * dayMs - 20 * minuteMs)
    const ended = [`ContributionStarted oc-${order}`, `ContributionEnded oc-${order}`]
    expect(await billing.facts()).toEqual(ended)
    await sweep()
    await sweep()
    expect(await billing.facts()).toEqual([...ended, `ContributionLapsed oc-${order}`])
  })

  test.each(['http500', 'ratelimited', 'empty'])('when OpenCollective answers %s ends nothing', async (api) => {
    const order = await billing.sandbox.start()
    await sweep()
    await billing.sandbox.act(order, 'cancel')
    await sweep()
    const before = await billing.facts()
    await billing.sandbox.behave(api)
    billing.moveClock(365 * dayMs)
    await expect(billing.runLoops()).rejects.toThrow('OpenCollective')
    await billing.runJobs()
    expect(await billing.facts()).toEqual(before)
    await billing.sandbox.behave('ok')
    realMs += minuteMs
    await billing.settle()
    expect(await billing.facts()).toEqual([...before, `ContributionLapsed oc-${order}`])
  })
})

test('an outage during a look-up leaves the order wanted', async () => {
  const order = await billing.sandbox.start()
  await billing.sandbox.behave('http500')
  await billing.webhook(webhookOf(1, order))
  await expect(billing.settle()).rejects.toThrow('OpenCollective')
  await billing.sandbox.behave('ok')
  realMs += minuteMs
  await billing.settle()
  expect(await billing.facts()).toEqual([`ContributionStarted oc-${order}`])
})

test('a refund is told once, with what went back', async () => {
  const order = await billing.sandbox.start()
  await billing.webhook(webhookOf(1, order))
  await billing.settle()
  await billing.sandbox.act(order, 'refund')
  for (const id of [2, 3]) {
    realMs += minuteMs
    await billing.webhook(webhookOf(id, order))
    await billing.settle()
  }
  const refunds = (await billing.written()).filter(({ type }) => type === 'ContributionRefunded')
  expect(refunds.map(({ data }) => data)).toMatchObject([{ refundedMinor: 2_100 }])
})

test('a refund that no webhook names is found in the ledger', async () => {
  const order = await billing.sandbox.start()
  await billing.webhook(webhookOf(1, order))
  await billing.settle()
  await billing.sandbox.act(order, 'refund')
  realMs += minuteMs
  await billing.webhook(webhookOf(2))
  for (let round = 0; round < 4; round++) await billing.settle()
  expect(await billing.facts()).toEqual([`ContributionStarted oc-${order}`, `ContributionRefunded oc-${order}`])
  billing.calls()
  realMs += minuteMs
  for (let round = 0; round < 4; round++) await billing.settle()
  expect(billing.calls()).toBe(0)
})

test('names are told by query only, and an incognito contributor has none', async () => {
  const known = await billing.sandbox.start({ organisation: true })
  const hidden = await billing.sandbox.start({ name: 'Eve', email: 'eve@example.org', incognito: true })
  billing.moveClock(10 * minuteMs)
  await billing.settle()
  const contributor = async (order: number) =>
    (await queries().getContribution({ contributionId: `oc-${order}` })).contributor
  expect(await contributor(known)).toMatchObject({
    name: 'Ana',
    email: 'ana@example.org',
    slug: 'ana',
    organisation: true,
  })
  expect(await contributor(hidden)).toMatchObject({ name: '', slug: '', email: '' })
  expect(JSON.stringify(await billing.written())).not.toMatch(/ana|eve/i)
  const { contributions } = await queries().listContributions({ after: '', limit: 1 })
  expect(contributions.map(({ contributionId }) => contributionId)).toEqual([`oc-${known}`])
})

test('webhooks are forgotten after a month', async () => {
  await billing.webhook(webhookOf(1, 4_711))
  await billing.settle()
  const inbox = await billing.house.store.collection('inbox')
  billing.moveClock(29 * dayMs)
  await billing.runLoops()
  expect(await inbox.count()).toBe(1)
  billing.moveClock(2 * dayMs)
  await billing.runLoops()
  expect(await inbox.count()).toBe(0)
})
