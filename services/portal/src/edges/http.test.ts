import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { otlpOf, sampleTrace } from '../testing-spans.ts'
import { openTestPortal, until, watchLive, type TestPortal } from '../testing-portal.ts'
import { countAttempts } from './attempts.ts'
import { openSessions } from './sessions.ts'
import { watchersMax } from './watchers.ts'

let portal: TestPortal

beforeEach(async () => {
  portal = await openTestPortal()
})
afterEach(() => portal.close())

const post = (path: string, body: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(portal.url + path, { method: 'POST', body: new URLSearchParams(body), headers, redirect: 'manual' })
const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? ''
const signIn = async () => cookieOf(await post('/sign-in', { token: portal.token }))
const status = async (path: string, headers: Record<string, string> = {}) =>
  (await fetch(portal.url + path, { headers, redirect: 'manual' })).status

test('the token opens a session that no script can read', async () => {
  const response = await post('/sign-in', { token: portal.token })
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toBe('/')
  expect(response.headers.get('set-cookie')).toMatch(
    /^portal_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
  )
})

test('beyond the own machine the cookie travels encrypted only', async () => {
  const headers = { host: 'portal.example.org' }
  const response = await portal.app.inject({
    method: 'POST',
    url: '/sign-in',
    headers,
    payload: { token: portal.token },
  })
  expect(response.headers['set-cookie']).toContain('Secure')
})

test('a session sees what the token sees, until it signs out', async () => {
  const cookie = await signIn()
  expect(await status('/api/traces/x', { cookie })).toBe(404)
  const watching = await watchLive(portal, { cookie })
  await post('/sign-out', {}, { cookie })
  expect(await status('/api/traces/x', { cookie })).toBe(401)
  await until(portal, 'the stream ends', watching.ended)
})

test.each([['/api/live'], ['/api/traces/x']])('%s is refused without either', async (path) => {
  expect(await status(path)).toBe(401)
  expect(await status(path, { authorization: 'Bearer wrong' })).toBe(401)
  expect(await status(path, { cookie: 'portal_session=wrong' })).toBe(401)
})

test('after sign-in comes the page that was asked for, if it is one of ours', async () => {
  const trace = '/traces/0af7651916cd43dd8448eb211c80319c'
  const asked = await fetch(portal.url + trace, { redirect: 'manual' })
  expect(asked.headers.get('location')).toBe(`/sign-in?to=${encodeURIComponent(trace)}`)
  const to = async (path: string) =>
    (await post(`/sign-in?to=${encodeURIComponent(path)}`, { token: portal.token })).headers.get('location')
  expect(await to(trace)).toBe(trace)
  expect(await to('//evil.example.org')).toBe('/')
})

test('who guesses must wait', async () => {
  for (let i = 0; i < 10; i++) expect((await post('/sign-in', { token: 'guess' })).status).toBe(401)
  expect((await post('/sign-in', { token: portal.token })).status).toBe(429)
})

test('attempts are forgotten after a minute, and their number is bounded', () => {
  let nowMs = 0
  const attempts = countAttempts(() => nowMs)
  for (let i = 0; i < 10; i++) attempts.failed('a')
  expect(attempts.tooMany('a')).toBe(true)
  expect(attempts.tooMany('b')).toBe(false)
  nowMs = 60_000
  expect(attempts.tooMany('a')).toBe(false)
  for (let i = 0; i < 10; i++) attempts.failed('first')
  for (let i = 0; i < 10_000; i++) attempts.failed(String(i))
  expect(attempts.tooMany('first')).toBe(false)
})

test('a session ends after 12 hours, and the oldest when there are too many', () => {
  let nowMs = 0
  const sessions = openSessions(() => nowMs)
  const first = sessions.open()
  expect(sessions.holds(first)).toBe(true)
  nowMs = 12 * 3_600_000
  expect(sessions.holds(first)).toBe(false)
  const second = sessions.open()
  for (let i = 0; i < 1_000; i++) sessions.open()
  expect(sessions.holds(second)).toBe(false)
})

test('pages load nothing from elsewhere and are framed by nobody', async () => {
  const { headers } = await fetch(`${portal.url}/sign-in`)
  expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

const sendSpans = (body: unknown, headers: Record<string, string>) =>
  fetch(`${portal.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

test('spans are taken from our own services only, and told as a waterfall', async () => {
  expect((await sendSpans(otlpOf(sampleTrace()), {})).status).toBe(401)
  expect((await sendSpans(otlpOf(sampleTrace()), portal.asProgram)).status).toBe(200)
  const url = `${portal.url}/api/traces/0af7651916cd43dd8448eb211c80319c`
  const told = (await (await fetch(url, { headers: portal.asProgram })).json()) as Record<string, unknown>
  expect(told).toMatchObject({ services: ['billing', 'membership', 'bbb-gateway'], spans: { length: 6 } })
})

test.each([
  ['not OTLP', '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"x"}]}]}]}', 400],
  ['not JSON', '{', 400],
  ['more than 4 MB', JSON.stringify({ pad: 'x'.repeat(4_000_000) }), 413],
])('a body that is %s is refused', async (_what, body, code) => {
  expect((await sendSpans(body, portal.asProgram)).status).toBe(code)
})

test('so many watch and no more', async () => {
  const watching = await Promise.all(Array.from({ length: watchersMax }, () => watchLive(portal)))
  expect(await status('/api/live', portal.asProgram)).toBe(503)
  await Promise.all(watching.map((each) => each.close()))
})
