import { afterEach, expect, test } from '@jest/globals'
import { rateLimiter } from './rate-limit.ts'
import { startForTest } from './start-for-test.ts'

const ask = '{ account(slug: "example-coop") { orders { totalCount } } }'
let oc: Awaited<ReturnType<typeof startForTest>>
afterEach(() => oc.close())

test('a bad token answers 401 before anything else, and its message repeats the token', async () => {
  oc = await startForTest()
  const { status, body } = await oc.query(ask, {}, { 'personal-token': 'wrong' })
  expect(status).toBe(401)
  expect(body).toEqual({
    error: { code: 401, type: 'unauthorized', message: 'Invalid Personal Token (Api Key): wrong' },
  })
})

test.each<Record<string, string>>([
  { 'api-key': 'secret' },
  { 'personal-token': 'secret' },
  { authorization: 'Bearer secret' },
])('the token is taken from %j', async (headers) => {
  oc = await startForTest()
  const answer = await oc.query(ask, {}, headers)
  expect([answer.status, answer.headers.get('x-ratelimit-limit')]).toEqual([200, '100'])
})

test('requests beyond the limit get 429; the anonymous have ten a minute of their own', async () => {
  oc = await startForTest({ requestsPerMinute: 2 })
  expect((await oc.query(ask)).headers.get('x-ratelimit-remaining')).toBe('1')
  await oc.query(ask)
  const refused = await oc.query(ask)
  expect(refused.status).toBe(429)
  expect(refused.body).toEqual({ error: { message: expect.stringContaining('Rate limit exceeded') } })
  expect(Number(refused.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000)
  const anonymous = []
  for (let i = 0; i < 11; i++) anonymous.push((await oc.query(ask, {}, {})).status)
  expect(anonymous).toEqual([...Array(10).fill(200), 429])
})

test('the window of the rate limit opens again after a minute', () => {
  oc = { close: async () => {} } as typeof oc
  const limit = rateLimiter()
  const at = (nowMs: number) => limit('token', 1, nowMs).allowed
  expect([at(0), at(59_999), at(60_000), at(60_001)]).toEqual([true, false, true, false])
})

test('the API misbehaves on request', async () => {
  oc = await startForTest()
  await oc.control('contributions', { tierSlug: 'micro', name: 'Ana' })
  const answers: Record<string, unknown> = {}
  for (const api of ['http500', 'ratelimited', 'empty', 'slow', 'ok']) {
    await oc.control('behaviour', { api, apiDelayMs: 20 })
    const { status, body } = await oc.query(ask)
    answers[api] = [status, body.data?.account.orders.totalCount]
  }
  expect(answers).toEqual({
    http500: [500, undefined],
    ratelimited: [429, undefined],
    empty: [200, 0],
    slow: [200, 1],
    ok: [200, 1],
  })
})

test.each<[string, string, unknown, number]>([
  ['a tier that is not there', 'contributions', { tierSlug: 'none', name: 'Ana' }, 409],
  ['too little for the tier', 'contributions', { tierSlug: 'small', name: 'Ana', amountMinor: 2999 }, 409],
  ['no name', 'contributions', { tierSlug: 'small' }, 400],
  ['an unknown property', 'contributions', { tierSlug: 'small', name: 'Ana', teir: 1 }, 400],
  ['an order that is not there', 'orders/1/cancel', {}, 404],
  ['a webhook that is not http', 'webhook', { url: 'file:///etc/passwd' }, 400],
  ['an unknown behaviour', 'behaviour', { api: 'sulk' }, 400],
  ['an activity that is not there', 'webhooks/1/resend', {}, 404],
  ['a body that is too large', 'contributions', { name: 'a'.repeat(70_000) }, 413],
])('%s is refused and changes nothing', async (_, path, body, status) => {
  oc = await startForTest()
  const answer = await oc.control(path, body)
  expect([answer.status, answer.body]).toEqual([status, { error: expect.any(String) }])
  const state = await oc.read('orders')
  expect([state.orders, state.webhookUrl]).toEqual([[], null])
})

test.each<[string, RequestInit]>([
  ['no body', {}],
  ['an empty JSON body', { headers: { 'content-type': 'application/json' } }],
])('an action takes %s', async (_, more) => {
  oc = await startForTest()
  await oc.control('contributions', { tierSlug: 'micro', name: 'Ana' })
  const statuses = []
  for (const action of ['fail', 'pause', 'resume', 'cancel', 'refund']) {
    const answer = await fetch(`${oc.url}/sandbox/orders/884213/${action}`, { method: 'POST', ...more })
    statuses.push(answer.status)
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200])
})
