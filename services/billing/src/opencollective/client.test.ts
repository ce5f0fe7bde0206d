import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openCollectiveClient, OpenCollectiveUnavailable } from './client.ts'

const token = 'a-very-secret-token'
let server: Server
let answer: { status: number; body: string }
let asked: { token: string | undefined; variables: unknown }

beforeEach(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { variables } = JSON.parse(Buffer.concat(chunks).toString()) as { variables: unknown }
      asked = { token: request.headers['personal-token'] as string | undefined, variables }
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.closeAllConnections()
  await once(server.close(), 'close')
})

const client = () => {
  const { port } = server.address() as AddressInfo
  return openCollectiveClient({ url: `http://127.0.0.1:${port}/graphql/v2`, token, slug: 'coop' })
}
const replies = (body: object, status = 200) => (answer = { status, body: JSON.stringify(body) })
const order = {
  ...{
    legacyId: 1,
    status: 'ACTIVE',
    frequency: 'MONTHLY',
    updatedAt: '2026-10-01T06:00:00.000Z',
    nextChargeDate: null,
  },
  ...{ amount: { valueInCents: 1200, currency: 'EUR' }, tier: null },
  fromAccount: { legacyId: 7, slug: 'ana', name: null, type: 'INDIVIDUAL', isIncognito: false, emails: null },
}

test('asks with the token in a header, and reads dates and amounts', async () => {
  replies({ data: { order: { ...order, toAccount: { slug: 'coop' }, transactions: [] } } })
  expect(await client().order(1)).toMatchObject({ updatedAt: Date.UTC(2026, 9, 1, 6), amount: { valueInCents: 1200 } })
  expect(asked).toEqual({ token, variables: { legacyId: 1 } })
})

test('an order that is not there is an answer', async () => {
  replies({ errors: [{ message: 'Order not found', extensions: { code: 'NotFound' } }], data: { order: null } })
  expect(await client().order(1)).toBeUndefined()
})

test('an order of a page that can not be read does not hide the others', async () => {
  replies({ data: { account: { orders: { totalCount: 2, nodes: [order, { ...order, amount: null }] } } } })
  expect(await client().orderPage(0)).toMatchObject({ totalCount: 2, orders: [{ legacyId: 1 }], unreadable: 1 })
})

const code = (name: string) => ({ errors: [{ message: `no: ${token}`, extensions: { code: name } }], data: null })
test.each([
  ['a server error', 500, '{}', '500'],
  ['the rate limit', 429, '{"error":{"message":"Rate limit exceeded."}}', '429'],
  ['a refused token', 401, `{"error":{"message":"Invalid Personal Token: ${token}"}}`, '401'],
  ['an error of the API', 200, JSON.stringify(code('Forbidden')), 'Forbidden'],
  ['an unknown collective', 200, JSON.stringify(code('NotFound')), 'knows no collective coop'],
  ['no JSON', 200, '<html>', 'JSON'],
  ['another shape', 200, '{"data":{"account":{"orders":[]}}}', 'another shape'],
  ['too much', 200, `"${'x'.repeat(8_000_001)}"`, 'larger than'],
])('%s is an outage that tells no secret', async (_what, status, body, told) => {
  answer = { status, body }
  const error = await client()
    .orderPage(0)
    .then(
      () => undefined,
      (error: unknown) => error as Error,
    )
  expect(error).toBeInstanceOf(OpenCollectiveUnavailable)
  expect(error?.message).toContain(told)
  expect(error?.message).not.toContain(token)
})
