import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from '@jest/globals'
import { verifyChecksum } from './checksum.ts'
import { createBbbClient, NodeUnreachable } from './client.ts'
import { parseQuery } from './params.ts'
import { errorXml, replyXml } from './reply.ts'
import { listIn, parseXml } from './xml.ts'

let server: Server | undefined

afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
  server = undefined
})

const clientOf = async (answer: RequestListener) => {
  const listening = createServer(answer)
  server = listening
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  return createBbbClient({
    apiUrl: `http://127.0.0.1:${port}/bigbluebutton/api/`,
    secret: 'k',
    timeoutMs: 400,
    maxReplyBytes: 5000,
  })
}

const queryOf = (req: IncomingMessage) => new URL(req.url ?? '', 'http://x').search.slice(1)

test('signs its calls and reads the answer', async () => {
  const client = await clientOf((req, res) => {
    const params = parseQuery(queryOf(req))
    res.end(verifyChecksum('create', queryOf(req), ['k']) ? replyXml({ meetingID: params.get('meetingID') }) : '')
  })
  const reply = await client.create({ name: 'Ä & B', meetingID: 'room-1' })
  expect(reply).toMatchObject({ returncode: 'SUCCESS', body: { meetingID: 'room-1' } })
})

test('a refusal is a value', async () => {
  const client = await clientOf((_req, res) => res.end(errorXml('notFound', 'no such meeting')))
  expect(await client.getMeetingInfo('x')).toMatchObject({ returncode: 'FAILED', messageKey: 'notFound' })
})

test('posts documents as XML', async () => {
  const posted: string[] = []
  const client = await clientOf(async (req, res) => {
    posted.push(req.headers['content-type'] ?? '', await text(req))
    res.end(replyXml({}))
  })
  await client.insertDocument('room-1', [{ url: 'https://ex.org/a.pdf?x=1&y=2', current: true }])
  const [module] = listIn({ modules: parseXml(posted[1] ?? '').element }, 'modules', 'module')
  expect(posted[0]).toBe('application/xml')
  expect(module).toEqual({
    '@name': 'presentation',
    document: [{ '@url': 'https://ex.org/a.pdf?x=1&y=2', '@current': 'true' }],
  })
})

test.each<[string, RequestListener]>([
  ['a server error', (_req, res) => res.writeHead(502).end('Bad Gateway')],
  ['a redirect', (_req, res) => res.writeHead(302, { location: '/elsewhere' }).end()],
  ['a page', (_req, res) => res.end('<html></html>')],
  ['too much', (_req, res) => res.end(replyXml({ a: 'x'.repeat(6000) }))],
  ['silence', () => undefined],
  ['a stream that never ends', (_req, res) => void res.write('<response>')],
  ['a broken connection', (req) => req.socket.destroy()],
])('%s is an outage', async (_what, answer) => {
  const client = await clientOf(answer)
  await expect(client.getMeetings()).rejects.toThrow(NodeUnreachable)
})

test('a join URL is made without asking', async () => {
  const client = createBbbClient({ apiUrl: 'http://node.invalid/bigbluebutton/api', secret: 'k', timeoutMs: 400 })
  const url = new URL(client.joinUrl({ meetingID: 'room-1', fullName: 'Ann', role: 'VIEWER' }))
  expect(url.href).toMatch(/^http:\/\/node\.invalid\/bigbluebutton\/api\/join\?/)
  expect(verifyChecksum('join', url.search.slice(1), ['k'])).toBe(true)
})
