import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from '@jest/globals'
import { listIn, parseQuery, textOf } from '@meetcoop/bbb'
import { jwtVerify } from 'jose'
import { listener, nodeUnderTest, secret, until } from './node-under-test.ts'
import type { NodeUnderTest } from './node-under-test.ts'

const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

const started = async (options?: { stateDir: string }): Promise<NodeUnderTest> => {
  const node = await nodeUnderTest(options)
  toClose.push(() => node.close())
  return node
}

const listening: typeof listener = async (answer) => {
  const server = await listener(answer)
  toClose.push(server.close)
  return server
}

const room = { meetingID: 'room 1', name: 'Room' }
const host = { name: 'Mo', role: 'MODERATOR' }

test('callbacks: twice per success, only an exact 200 counts, again after 30, 60, 120 and 300 s', async () => {
  const node = await started()
  const seen: string[] = []
  let answers = [204, 302, 500]
  const { url } = await listening((req, res) => {
    seen.push(req.url ?? '')
    res.writeHead(answers.shift() ?? 200, { location: '/elsewhere' }).end()
  })
  await node.client.create({
    ...room,
    meta_endCallbackUrl: `${url}/end?token=a%2Fb`,
    meetingEndedURL: 'http://127.0.0.1:9/',
  })
  await node.client.end('room 1')
  for (const [tries, minutes] of [
    [1, 0.5],
    [2, 1],
    [3, 2],
  ] as const) {
    await until(
      `try ${tries}`,
      () => seen.length === tries && node.warnings.filter((what) => what.includes(new URL(url).host)).length === tries,
    )
    node.pass(minutes)
  }
  await until('success', () => seen.length === 5)
  expect(new Set(seen)).toEqual(new Set(['/end?token=a%2Fb&recordingmarks=false&meetingID=room%201']))
  answers = []
})

test('callbacks are given up after five tries', async () => {
  const node = await started()
  await node.client.create({ ...room, meetingEndedURL: 'http://127.0.0.1:9/' })
  await node.client.end('room 1')
  for (const tries of [1, 2, 3, 4, 5]) {
    await until(`try ${tries}`, () => node.warnings.length === tries)
    node.pass(5)
  }
  expect(node.warnings.at(-1)).toContain('given up')
  expect((await node.control('GET', 'state')).body).toMatchObject({ pendingCallbacks: 0 })
})

test('a recorded meeting becomes a recording, and says so once with a signed token', async () => {
  const node = await started()
  const tokens: string[] = []
  const { url } = await listening(async (req, res) => {
    tokens.push(parseQuery(await text(req)).get('signed_parameters') ?? '')
    res.writeHead(500).end()
  })
  await node.client.create({ ...room, record: true, meta_tenant: 't1', 'meta_bbb-recording-ready-url': url })
  await node.control('POST', 'meetings/room%201/participants', host)
  node.pass(3)
  await node.client.end('room 1')
  const token = await until('the token', () => tokens[0])
  const { payload, protectedHeader } = await jwtVerify(token, new TextEncoder().encode(secret))
  expect(protectedHeader).toEqual({ alg: 'HS256' })
  expect(Object.keys(payload)).toEqual(['meeting_id', 'record_id'])
  expect(payload['meeting_id']).toBe('room 1')

  const recordID = String(payload['record_id'])
  const listed = await node.client.getRecordings({ meta_tenant: 't1', limit: 1 })
  const [recording] = listIn(listed.body, 'recordings', 'recording')
  const [format] = listIn(recording, 'playback', 'format')
  expect(listed.body['totalElements']).toBe('1')
  expect(recording).toMatchObject({ recordID, published: 'true', state: 'published', participants: '1' })
  expect(format).toMatchObject({ type: 'video', length: '3' })
  const videoUrl = `${textOf(format?.['url'])}video-0.m4v`
  const video = await fetch(videoUrl, { headers: { range: 'bytes=0-11' } })
  expect([video.status, (await video.text()).slice(4, 8)]).toEqual([206, 'ftyp'])

  expect((await node.client.updateRecordings([recordID], { note: 'x', tenant: '' })).body['updated']).toBe('true')
  expect((await node.client.publishRecordings([recordID], false)).body['published']).toBe('false')
  expect((await fetch(videoUrl)).status).toBe(404)
  const unpublished = await node.client.getRecordings({ state: 'unpublished', meta_note: 'x' })
  expect(listIn(unpublished.body, 'recordings', 'recording')).toHaveLength(1)
  expect((await node.client.deleteRecordings([recordID])).body['deleted']).toBe('true')
  expect(await node.client.getRecordings()).toMatchObject({ messageKey: 'noRecordings' })
  expect(await node.client.deleteRecordings([recordID])).toMatchObject({ messageKey: 'notFound' })
  expect(await node.client.call('publishRecordings', { recordID })).toMatchObject({ messageKey: 'missingParamPublish' })
  expect(await node.client.call('updateRecordings')).toMatchObject({ messageKey: 'missingParamRecordID' })
  expect(tokens).toHaveLength(1)
})

test('recordings outlive a restart, meetings do not', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'bbb-node-'))
  toClose.push(() => rmSync(stateDir, { recursive: true }))
  const before = await nodeUnderTest({ stateDir })
  await before.client.create({ ...room, record: true, autoStartRecording: true })
  await before.control('POST', 'meetings/room%201/participants', host)
  await before.client.end('room 1')
  await until('the recording', async () => (await before.client.getRecordings()).messageKey === '')
  await before.client.create(room)
  await before.close()
  const after = await started({ stateDir })
  expect(listIn((await after.client.getRecordings()).body, 'recordings', 'recording')).toHaveLength(1)
  expect(await after.client.getMeetings()).toMatchObject({ messageKey: 'noMeetings' })
})

test('a crash loses all meetings without a word; the sandbox stays reachable', async () => {
  const node = await started()
  const called: string[] = []
  const { url } = await listening((req, res) => {
    called.push(req.url ?? '')
    res.end()
  })
  await node.client.create({ ...room, meetingEndedURL: `${url}/lost` })
  await node.control('POST', 'crash')
  await expect(node.client.getMeetings()).rejects.toThrow('getMeetings')
  expect((await node.control('GET', 'state')).body).toMatchObject({ crashed: true, meetings: [] })
  await node.control('POST', 'return')
  expect(await node.client.getMeetings()).toMatchObject({ messageKey: 'noMeetings' })
  await node.client.create({ ...room, meetingEndedURL: `${url}/told` })
  await node.client.end('room 1')
  await until('the next callback', () => called.length === 2)
  expect(called).toEqual(['/told', '/told'])
})

test.each([
  ['http500', { fail: 'http500' }],
  ['garbage', { fail: 'garbage' }],
  ['a failure rate alone', { failRate: 1 }],
  ['too slow', { latencyMs: 10_000 }],
  ['hanging', { hang: true }],
])('a node can misbehave: %s', async (_what, behaviour) => {
  const node = await started()
  await node.control('POST', 'behaviour', behaviour)
  const asked = node.client.getMeetings()
  await expect(asked).rejects.toThrow('getMeetings')
  await node.control('POST', 'behaviour', { latencyMs: 0, hang: false, fail: 'none' })
  expect(await node.client.getMeetings()).toMatchObject({ returncode: 'SUCCESS' })
})

test('a crash resets calls that hang or wait', async () => {
  const node = await started()
  await node.control('POST', 'behaviour', { hang: true })
  const hanging = node.client.getMeetings().catch((error: Error) => error.message)
  await node.control('POST', 'behaviour', { hang: false, latencyMs: 300 })
  const waiting = node.client.create(room).catch((error: Error) => error.message)
  await node.control('POST', 'crash')
  expect([await hanging, await waiting].map((message) => String(message).includes('timeout'))).toEqual([false, false])
  await node.control('POST', 'return')
  expect(await node.client.getMeetings()).toMatchObject({ messageKey: 'noMeetings' })
})

test.each([
  ['POST', 'behaviour', { latencyMs: -1 }, 400],
  ['POST', 'behaviour', { fail: 'sometimes' }, 400],
  ['POST', 'meetings/none/participants', host, 404],
  ['POST', 'meetings/none/participants', { name: '', role: 'MODERATOR' }, 400],
  ['DELETE', 'meetings/none/participants/w_1', undefined, 404],
])('the sandbox answers %s %s %j with %i', async (method, path, body, status) => {
  const node = await started()
  expect((await node.control(method, path, body)).status).toBe(status)
})

test('a node with open pages and hanging calls stops at once', async () => {
  const node = await nodeUnderTest()
  await node.client.create(room)
  const joined = await fetch(node.signed('join', { meetingID: 'room 1', fullName: 'Ann', role: 'VIEWER' }))
  await fetch(joined.url.replace('?', 'events?'))
  await node.control('POST', 'behaviour', { hang: true })
  const hanging = node.client.getMeetings().catch(() => 'let go')
  const stopped = node.close().then(() => 'stopped')
  expect(await Promise.race([stopped, wait(1000, 'still running', { ref: false })])).toBe('stopped')
  expect(await hanging).toBe('let go')
})
