import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import Fastify, { type FastifyInstance } from 'fastify'
import { SignJWT } from 'jose'
import type { Envelope } from '@meetcoop/contracts'
import type { Placement } from '@meetcoop/contracts/node-orchestration'
import type { ListRecordingsResponse, GetSpaceResponse } from '@meetcoop/contracts/recording-storage'
import { openTestService, type TestService } from '@meetcoop/service/testing'
import { meetingKeyOf, sha1Hex } from './meeting-id.ts'
import { service } from './service.ts'

const nodeSecret = 'the-secret-of-the-node'
const tenantId = 'member-1-h1'
const meetingKey = meetingKeyOf('callback-'.padEnd(43, '0'), tenantId, 'Weekly')
const recordingId = `${sha1Hex(meetingKey)}-1790000000000`
const film = Buffer.alloc(5_000, 'f')
const token = 'p.1.abc'

const placement: Placement = {
  placementId: `${meetingKey}.1`,
  meetingKey,
  tenantId,
  memberId: 'member-1',
  nodeId: 'node-1',
  internalMeetingId: recordingId,
  status: 'ENDED',
  recorded: true,
  placedAtMs: 1,
  startedAtMs: 2,
  endedAtMs: 3,
  participantsPeak: 3,
  participantMinutes: 4,
}

const metadataXml = (size = 6_000, id = recordingId) =>
  `<recording><id>${id}</id><state>available</state><published>true</published><start_time>1790000000000</start_time>` +
  `<end_time>1790000180000</end_time><participants>3</participants><meeting id="${id}" externalId="${meetingKey}" name="Ann’s assembly"/>` +
  `<meta><topic>dues</topic></meta><playback><format>video</format><duration>180000</duration><size>${size}</size></playback></recording>`

/** What stands in for a BBB node: its list of recordings and its files. */
async function openNode() {
  const node = {
    metadata: metadataXml(),
    film,
    listed: [recordingId],
    calls: 0,
    cut: false,
    url: '',
    close: async () => {},
  }
  const server = createServer((request, response) => {
    node.calls++
    const path = request.url ?? ''
    if (path.endsWith('/metadata.xml')) return response.end(node.metadata)
    if (path.endsWith('/video-0.m4v')) {
      response.setHeader('content-length', node.film.length)
      if (node.cut) return response.write(node.film.subarray(0, 100), () => response.destroy())
      return response.end(node.film)
    }
    const format = '<playback><format><type>video</type></format></playback>'
    const list = node.listed.map((id) => `<recording><recordID>${id}</recordID>${format}</recording>`)
    response.end(`<response><returncode>SUCCESS</returncode><recordings>${list.join('')}</recordings></response>`)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  node.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bigbluebutton/api/`
  node.close = async () => {
    server.closeAllConnections()
    await once(server.close(), 'close')
  }
  return node
}

const notFound = () => Promise.reject(Object.assign(new Error('no such'), { code: 5 }))
const signed = (secret: string, record_id = recordingId, meeting_id = meetingKey) =>
  new SignJWT({ meeting_id, record_id }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret))

let node: Awaited<ReturnType<typeof openNode>>
let storage: TestService
let app: FastifyInstance
let peer: Record<string, (request: never) => Promise<unknown>>

beforeEach(async () => {
  node = await openNode()
  peer = {
    resolveCallback: ({ callbackToken }: { callbackToken: string }) =>
      callbackToken === token ? Promise.resolve({ placement, externalMeetingId: 'Weekly' }) : notFound(),
    findPlacement: ({ internalMeetingId }: { internalMeetingId: string }) =>
      internalMeetingId === recordingId ? Promise.resolve({ placement, externalMeetingId: 'Weekly' }) : notFound(),
    listNodeAccess: async () => ({ nodes: [{ nodeId: 'node-1', url: node.url, secret: nodeSecret }] }),
  }
  storage = await openTestService(service, {
    peers: { 'node-orchestration': peer },
    settings: { URLS: { 'recording-storage': 'http://here' } },
  })
  app = Fastify()
  await storage.edges.http?.(app)
})

afterEach(async () => {
  await app.close()
  await storage.close()
  await node.close()
})

const rights = (version: number, recordingSpaceBytes: number): Envelope => ({
  id: `member-1.${version}.0`,
  type: 'EntitlementsSet',
  aggregateId: 'member-1',
  version,
  causeId: '',
  occurredAtMs: 0,
  traceparent: '',
  data: { memberId: 'member-1', entitlements: { recordingSpaceBytes } },
})

const setRights = async (version: number, bytes: number) => {
  for (let copy = 0; copy < 2; copy++) expect(await storage.deliver(rights(version, bytes))).toEqual({ kind: 'done' })
}

const callBack = async (jwt: string, to = token) =>
  app.inject({
    method: 'POST',
    url: `/callbacks/recording-ready/${to}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `signed_parameters=${jwt}`,
  })

const ask = <T>(method: string, request: object): Promise<T> =>
  storage.edges.grpc![0]!.queries[method]!(request as never) as Promise<T>
const everything = { tenantId, recordingIds: [], externalMeetingIds: [], statuses: [], offset: 0, limit: 0 }
const list = (request: object = {}) => ask<ListRecordingsResponse>('listRecordings', { ...everything, ...request })
const told = async () => (await storage.written()).map(({ type }) => type)
const imported = async () => {
  await storage.runLoops()
  await storage.runJobs()
}
const linkOf = async () => new URL((await list()).recordings[0]!.formats[0]!.url)

describe('recording-ready', () => {
  test('is received once, and once more changes nothing', async () => {
    for (let copy = 0; copy < 3; copy++) expect((await callBack(await signed(nodeSecret))).statusCode).toBe(200)
    expect(await told()).toEqual(['RecordingReceived'])
  })

  test.each([
    ['another secret', () => signed('somebody-else'), 401],
    ['another meeting', () => signed(nodeSecret, recordingId, 'other'), 401],
    ['another recording', () => signed(nodeSecret, `${sha1Hex('other')}-1`), 401],
    ['no algorithm', async () => `${btoa('{"alg":"none"}')}.${btoa('{}')}.`.replaceAll('=', ''), 401],
    ['nothing', async () => '', 400],
  ])('with %s changes nothing', async (_why, jwt, status) => {
    expect((await callBack(await jwt())).statusCode).toBe(status)
    expect(await told()).toEqual([])
  })

  test('at an address that is not ours is not found', async () =>
    expect((await callBack(await signed(nodeSecret), 'x')).statusCode).toBe(404))

  test('while nobody can say whose it is, the node is asked to come back', async () => {
    peer.resolveCallback = () => Promise.reject(new Error('away'))
    expect((await callBack(await signed(nodeSecret))).statusCode).toBe(503)
  })

  test('is not needed: the sweep finds what lies ready, and leaves what is not ours', async () => {
    node.listed = [`${sha1Hex('stranger')}-17`, recordingId]
    await storage.runLoops()
    await storage.runLoops()
    expect(await told()).toEqual(['RecordingReceived'])
  })
})

describe('a recording', () => {
  test('is fetched, counted, listed with a link that plays, and no event tells a name', async () => {
    await setRights(1, 50_000)
    await callBack(await signed(nodeSecret))
    await imported()
    await imported()
    expect(await told()).toEqual(['RecordingReceived', 'RecordingStored', 'RecordingPublished'])
    expect(JSON.stringify(await storage.written())).not.toMatch(/Ann|Weekly|dues/)
    const { recordings, total } = await list()
    expect(total).toBe(1)
    expect(recordings[0]).toMatchObject({
      externalMeetingId: 'Weekly',
      name: 'Ann’s assembly',
      startedAtMs: 1_790_000_000_000,
      participants: 3,
      metadata: { topic: 'dues', meetingId: 'Weekly' },
      recording: { status: 'PUBLISHED', spaceBytes: film.length + Buffer.byteLength(node.metadata) },
    })
    expect(await ask<GetSpaceResponse>('getSpace', { memberId: 'member-1' })).toEqual({
      limitBytes: 50_000,
      usedBytes: recordings[0]!.recording!.spaceBytes,
    })

    const link = await linkOf()
    const page = await app.inject({ url: link.pathname + link.search, headers: { accept: 'text/html' } })
    expect(page.body).toContain('<video controls')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    const whole = await app.inject(`${link.pathname}video-0.m4v${link.search}`)
    expect([whole.headers['content-type'], whole.rawPayload.equals(film)]).toEqual(['video/mp4', true])
    const cookie = String(whole.headers['set-cookie']).split(';')[0]!
    storage.moveClock(3_600_000)
    const part = { url: `${link.pathname}video-0.m4v`, headers: { cookie, range: 'bytes=10-19' } }
    expect(await app.inject(part)).toMatchObject({ statusCode: 206, rawPayload: film.subarray(10, 20) })
    expect((await app.inject({ ...part, url: `${link.pathname}metadata.xml` })).statusCode).toBe(404)
    expect((await app.inject(`${link.pathname}video-0.m4v${link.search}`)).statusCode).toBe(403)
    expect((await app.inject(`${link.pathname}${link.search.replace('.', '.x')}`)).statusCode).toBe(403)
  })

  test('is found by its id or meeting, and never by another tenant', async () => {
    await setRights(1, 50_000)
    await imported()
    await imported()
    const totals = await Promise.all([
      list({ recordingIds: [recordingId.slice(0, 45)] }),
      list({ externalMeetingIds: ['Weekly'] }),
      list({ externalMeetingIds: ['Monthly'] }),
      list({ statuses: ['RECEIVED'] }),
      list({ tenantId: 'member-1-h', recordingIds: [recordingId] }),
      list({ tenantId: 'member-2-h1', externalMeetingIds: ['Weekly'] }),
    ])
    expect(totals.map(({ total }) => total)).toEqual([1, 1, 0, 0, 0, 0])
    const link = await linkOf()
    const forged = createHmac('sha256', 'x').update('y').digest('base64url')
    expect(
      (await app.inject(`${link.pathname}?token=${storage.house.clock.nowMs() + 1000}.${forged}`)).statusCode,
    ).toBe(403)
  })

  test('that does not fit stays on its node until there is room', async () => {
    await setRights(1, 5_000)
    await callBack(await signed(nodeSecret))
    await imported()
    await imported()
    expect(await told()).toEqual(['RecordingReceived', 'SpaceExhausted'])
    expect((await list({ statuses: ['REFUSED'] })).total).toBe(1)
    expect(await ask('getSpace', { memberId: 'member-1' })).toEqual({ limitBytes: 5_000, usedBytes: 0 })
    await setRights(2, 6_000)
    await imported()
    expect((await told()).slice(2)).toEqual(['RecordingReceived', 'RecordingStored', 'RecordingPublished'])
  })

  test('is locked while the rights are too small, never deleted; rights that come late change nothing', async () => {
    await setRights(1, 50_000)
    await callBack(await signed(nodeSecret))
    await imported()
    const link = await linkOf()
    await setRights(3, 0)
    await setRights(2, 50_000)
    const refused = await app.inject({ url: link.pathname + link.search, headers: { accept: 'text/html' } })
    expect([refused.statusCode, refused.body]).toEqual([403, expect.stringContaining('locked')])
    expect((await list()).total).toBe(0)
    const any = await list({ statuses: ['RECEIVED', 'PUBLISHED', 'UNPUBLISHED', 'DELETED'] })
    expect(any.recordings).toMatchObject([{ recording: { locked: true, status: 'PUBLISHED' }, formats: [] }])
    await setRights(4, 50_000)
    expect((await app.inject(link.pathname + link.search)).rawPayload.equals(film)).toBe(true)
    expect((await told()).slice(3)).toEqual(['RecordingWithdrawn', 'RecordingPublished'])
  })

  test.each([
    ['breaks off', () => (node.cut = true)],
    ['is larger than its metadata says', () => (node.metadata = metadataXml(4_000))],
    ['is another one', () => (node.metadata = metadataXml(6_000, `${sha1Hex('x')}-1`))],
    ['has a DOCTYPE', () => (node.metadata = `<!DOCTYPE recording>${metadataXml()}`)],
  ])('that %s is not shown in part, takes no space, and is tried again', async (_what, spoil) => {
    await setRights(1, 50_000)
    await callBack(await signed(nodeSecret))
    spoil()
    await storage.runLoops()
    await expect(storage.runJobs()).rejects.toThrow()
    expect(await told()).toEqual(['RecordingReceived'])
    expect(await ask('getSpace', { memberId: 'member-1' })).toMatchObject({ usedBytes: 0 })
    const folder = join(storage.house.settings.STATE_DIR, 'recordings')
    expect([existsSync(join(folder, recordingId)), readdirSync(join(folder, '.incoming'))]).toEqual([false, []])
  })
})
