import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import Fastify, { type FastifyInstance } from 'fastify'
import { errorXml, parseQuery, replyXml, verifyChecksum } from '@meetcoop/bbb'
import { limitToWire, type Envelope, type EventName, type Limit } from '@meetcoop/contracts'
import type { GetAgendaResponse, ListRoomsResponse, MayJoinResponse } from '@meetcoop/contracts/room-scheduling'
import { openTestService, type TestService } from '@meetcoop/service/testing'
import { meetingKeyOf } from './room-id.ts'
import { service } from './service.ts'

const roomsSecret = 'secret-of-the-members-rooms'
const minuteMs = 60_000
const createTime = Date.UTC(2026, 9, 10, 12)

/** What stands in for the gateway: one meeting at most, checksums checked. */
async function openGateway() {
  const gateway = { url: '', running: false, exists: false, asked: [] as string[], created: '', close: async () => {} }
  const info = () => replyXml({ running: gateway.running, createTime, hasBeenForciblyEnded: false })
  const calls: Record<string, (query: string) => string> = {
    create: (query) => {
      gateway.exists = true
      gateway.created = query
      return replyXml({ createTime })
    },
    getMeetingInfo: () => (gateway.exists ? info() : errorXml('notFound', 'none')),
    end: () => {
      gateway.exists = gateway.running = false
      return replyXml({ messageKey: 'sentEndMeetingRequest' })
    },
  }
  const server = createServer((request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?')
    const call = path.replace('/t/member-1-rooms/bigbluebutton/api/', '')
    gateway.asked.push(call)
    const known = verifyChecksum(call, query, [roomsSecret]) && calls[call]
    response.end(known ? known(query) : errorXml('checksumError', 'no'))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  gateway.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  gateway.close = async () => {
    server.closeAllConnections()
    await once(server.close(), 'close')
  }
  return gateway
}

let gateway: Awaited<ReturnType<typeof openGateway>>
let rooms: TestService
let app: FastifyInstance

beforeEach(async () => {
  gateway = await openGateway()
  const getCredentials = async () => ({
    credentials: [
      { tenantId: 'member-1-h1', kind: 'HOST_ACCOUNT', secrets: ['other'] },
      { tenantId: 'member-1-rooms', kind: 'ROOMS', secrets: [roomsSecret, 'older'] },
    ],
  })
  rooms = await openTestService(service, {
    nowMs: createTime,
    peers: { membership: { getCredentials } },
    settings: { URLS: { 'bbb-gateway': gateway.url, 'room-scheduling': 'http://here' } },
  })
  app = Fastify()
  await rooms.edges.http?.(app)
})

afterEach(async () => {
  await app.close()
  await rooms.close()
  await gateway.close()
})

const event = (type: EventName, aggregateId: string, version: number, data: object): Envelope => {
  return {
    id: `${aggregateId}.${version}.0`,
    type,
    aggregateId,
    version,
    causeId: '',
    occurredAtMs: 1,
    traceparent: '',
    data,
  }
}
const rights = (version: number, personalRooms: Limit, sessionMinutes: Limit, recordingSpaceBytes = 0) => {
  const limits = { personalRooms: limitToWire(personalRooms), sessionMinutes: limitToWire(sessionMinutes) }
  const entitlements = { ...wire(limits), recordingSpaceBytes: String(recordingSpaceBytes) }
  return event('EntitlementsSet', 'member-1', version, { memberId: 'member-1', entitlements })
}
const wire = (limits: Record<string, ReturnType<typeof limitToWire>>) =>
  Object.fromEntries(Object.entries(limits).map(([key, { bound }]) => [key, { [bound!.$case]: bound!.value }]))

function meeting(type: 'MeetingStarted' | 'MeetingEnded' | 'MeetingLost', roomId: string, more: object = {}) {
  const meetingKey = meetingKeyOf(rooms.house.secrets.callbackKey, roomId)
  const version = type === 'MeetingStarted' ? 2 : 3
  const placement = {
    placementId: `${meetingKey}.1`,
    meetingKey,
    tenantId: 'member-1-rooms',
    memberId: 'member-1',
    internalMeetingId: `${'a'.repeat(40)}-${createTime}`,
    startedAtMs: createTime,
    endedAtMs: type === 'MeetingStarted' ? 0 : createTime + minuteMs,
    ...more,
  }
  return event(type, meetingKey, version, { placement })
}

const deliver = async (...events: Envelope[]) => {
  for (const each of events) for (let copy = 0; copy < 2; copy++) await rooms.deliver(each)
}
const operator = { authorization: `Bearer ${'operator-'.padEnd(43, '0')}` }
const call = async (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object) => {
  const response = await app.inject({ method, url, headers: operator, ...(body && { payload: body }) })
  return { status: response.statusCode, body: response.json() as Record<string, string> }
}
const openRoom = async (name = 'Ann’s <room>') => {
  const { body } = await call('POST', '/operator/rooms', { memberId: 'member-1', name })
  return { roomId: body.roomId!, host: new URL(body.hostUrl!).pathname, guest: new URL(body.guestUrl!).pathname }
}
const joinAs = (link: string, name: unknown, accept = 'application/json') =>
  app.inject({ method: 'POST', url: link, headers: { accept }, payload: { name } })
const ask = <T>(method: string, request: object): Promise<T> =>
  rooms.edges.grpc![0]!.queries[method]!(request as never) as Promise<T>
const told = async () => (await rooms.written()).map(({ type }) => type)

describe('rooms', () => {
  test('are opened as the rights allow, listed and closed by operators only', async () => {
    expect((await call('POST', '/operator/rooms', { memberId: 'member-1', name: 'Early' })).status).toBe(404)
    await deliver(rights(2, 1, 60), rights(1, 'unlimited', 'unlimited'))
    const room = await openRoom()
    expect((await call('POST', '/operator/rooms', { memberId: 'member-1', name: 'Second' })).body.reason).toBe(
      'no-more-rooms',
    )
    expect((await call('POST', '/operator/rooms', { memberId: 'member-1' })).status).toBe(400)
    expect((await app.inject({ method: 'POST', url: '/operator/rooms', payload: {} })).statusCode).toBe(401)
    expect((await call('GET', '/operator/rooms')).body).toMatchObject([{ roomId: room.roomId, running: false }])
    expect((await call('DELETE', `/operator/rooms/${room.roomId}`)).status).toBe(200)
    expect((await call('DELETE', `/operator/rooms/${room.roomId}`)).status).toBe(404)
    expect((await joinAs(room.host, 'Ann')).statusCode).toBe(404)
    expect(await told()).toEqual(['RoomOpened', 'RoomClosed'])
    expect(JSON.stringify(await rooms.written())).not.toContain('Ann')
  })

  test('are told page by page', async () => {
    await deliver(rights(1, 'unlimited', 60))
    for (let n = 0; n < 5; n++) await openRoom(`Room ${n}`)
    const page = async (after: string, memberId = '') =>
      (await ask<ListRoomsResponse>('listRooms', { memberId, after, limit: 2 })).rooms.map(({ roomId }) => roomId)
    expect(await page('')).toEqual(['member-1-r1', 'member-1-r2'])
    expect(await page('member-1-r4')).toEqual(['member-1-r5'])
    expect(await page('member-1-r2', 'member-1')).toEqual(['member-1-r3', 'member-1-r4'])
    expect(await page('', 'member-2')).toEqual([])
  })

  test('are booked without overlap, and the agenda tells', async () => {
    await deliver(rights(1, 1, 60))
    const { roomId } = await openRoom()
    const book = (startsAt: string, endsAt: string) =>
      call('POST', `/operator/rooms/${roomId}/bookings`, { startsAt, endsAt })
    const { body } = await book('2026-10-11T23:30:00Z', '2026-10-12T00:30:00Z')
    expect((await book('2026-10-12T02:00:00+02:00', '2026-10-12T03:00:00+02:00')).body.reason).toBe('already-booked')
    expect((await book('tomorrow', 'later')).status).toBe(400)
    const agenda = async (fromMs: number, untilMs: number) =>
      (await ask<GetAgendaResponse>('getAgenda', { roomId, fromMs, untilMs })).bookings.length
    const midnightMs = Date.UTC(2026, 9, 12)
    expect([
      await agenda(midnightMs, midnightMs + 1),
      await agenda(midnightMs + 30 * minuteMs, midnightMs + 1e9),
    ]).toEqual([1, 0])
    await expect(agenda(0, 1e12)).rejects.toThrow('92 days')
    expect((await call('DELETE', `/operator/rooms/${roomId}/bookings/${body.bookingId}`)).status).toBe(200)
    expect(await told()).toEqual(['RoomOpened', 'SessionBooked', 'SessionCancelled'])
  })
})

describe('joining', () => {
  test('a host starts the meeting, a guest waits until it runs', async () => {
    await deliver(rights(1, 1, 60, 1_000))
    const { roomId, host, guest } = await openRoom()
    expect(await joinAs(guest, 'Ben')).toMatchObject({ statusCode: 202, body: '{"waiting":true}' })
    const { joinUrl } = (await joinAs(host, 'Ann')).json<{ joinUrl: string }>()
    const query = new URL(joinUrl).search.slice(1)
    expect(verifyChecksum('join', query, [roomsSecret])).toBe(true)
    const asked = { meetingID: roomId, fullName: 'Ann', role: 'MODERATOR', createTime: String(createTime) }
    expect(Object.fromEntries(parseQuery(query))).toMatchObject(asked)
    expect(Object.fromEntries(parseQuery(gateway.created))).toMatchObject({ name: 'Ann’s <room>', record: 'true' })
    gateway.running = true
    await eventually(async () => (await joinAs(guest, 'Ben')).statusCode === 200)
    const page = await joinAs(guest, 'Ben', 'text/html')
    expect([page.statusCode, page.headers.location]).toEqual([302, expect.stringContaining('role=VIEWER')])
    expect(await ask<MayJoinResponse>('mayJoin', { joinToken: guest.split('/').at(-1) })).toMatchObject({
      roomId,
      role: 'GUEST',
    })
    expect(await ask<MayJoinResponse>('mayJoin', { joinToken: 'x' })).toMatchObject({ roomId: '' })
  })

  test('pages show one field, wait by themselves, and trust no name', async () => {
    await deliver(rights(1, 1, 60))
    const { guest } = await openRoom()
    const form = await app.inject(guest)
    expect(form.body).toContain('Ann’s &lt;room&gt;')
    expect(form.headers['content-security-policy']).toContain("default-src 'none'")
    const waiting = await app.inject({
      method: 'POST',
      url: guest,
      headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'name=%22%3E%3Cscript%3E',
    })
    expect([waiting.statusCode, waiting.body]).toEqual([200, expect.stringContaining('http-equiv="refresh"')])
    const cookie = String(waiting.headers['set-cookie']).split(';')[0]!
    expect((await app.inject({ url: `${guest}/waiting`, headers: { cookie } })).body).toContain('http-equiv="refresh"')
    expect((await app.inject({ url: guest, headers: { cookie } })).body).toContain('value="&quot;&gt;&lt;script&gt;"')
    expect((await app.inject(`${guest}/waiting`)).headers.location).toBe(guest)
    expect((await joinAs(guest, ' ')).statusCode).toBe(400)
    expect((await joinAs(guest, 'x'.repeat(65))).statusCode).toBe(400)
    expect((await app.inject('/join/nothing')).statusCode).toBe(404)
  })

  test('a room beyond shrunken rights rests, but a meeting in it goes on', async () => {
    await deliver(rights(1, 'unlimited', 60))
    await openRoom()
    const { host } = await openRoom('Second')
    await deliver(rights(2, 1, 60))
    expect((await joinAs(host, 'Ann')).statusCode).toBe(409)
    expect(gateway.asked).not.toContain('create')
    gateway.exists = gateway.running = true
    await eventually(async () => (await joinAs(host, 'Ann')).statusCode === 200)
  })

  test('without the gateway says so', async () => {
    await deliver(rights(1, 1, 60))
    const { guest } = await openRoom()
    await gateway.close()
    expect((await joinAs(guest, 'Ben')).statusCode).toBe(503)
    gateway = await openGateway()
  })
})

describe('session clock', () => {
  const running = async () =>
    (await ask<ListRoomsResponse>('listRooms', { memberId: '', after: '', limit: 0 })).rooms[0]!.running

  test.each([
    ['in order', false],
    ['the end first', true],
  ])('start and end, %s and twice', async (_order, reversed) => {
    await deliver(rights(1, 1, 60))
    const { roomId } = await openRoom()
    const events = [meeting('MeetingStarted', roomId), meeting('MeetingEnded', roomId)]
    await deliver(...(reversed ? events.toReversed() : events))
    expect(await told()).toEqual(['RoomOpened', 'SessionStarted', 'SessionEnded'])
    expect(await running()).toBe(false)
  })

  test('passes over host accounts, and meetings that never began', async () => {
    await deliver(rights(1, 1, 60))
    const { roomId } = await openRoom()
    await deliver(
      meeting('MeetingStarted', roomId, { tenantId: 'member-1-h1' }),
      meeting('MeetingLost', roomId, { startedAtMs: 0 }),
    )
    expect(await told()).toEqual(['RoomOpened'])
  })

  test('ends the meeting when the longest session is over', async () => {
    await deliver(rights(1, 1, 60))
    const { roomId } = await openRoom()
    await deliver(meeting('MeetingStarted', roomId))
    expect(await running()).toBe(true)
    gateway.exists = gateway.running = true
    rooms.moveClock(59 * minuteMs)
    await sweep()
    expect(gateway.asked).not.toContain('end')
    rooms.moveClock(minuteMs)
    await sweep()
    await sweep()
    expect(gateway.asked.filter((call) => call === 'end')).toHaveLength(1)
    expect(await told()).toEqual(['RoomOpened', 'SessionStarted', 'SessionCutOff'])
  })

  test('does not cut off a member whose rights grew, nor a later meeting of the room', async () => {
    await deliver(rights(1, 1, 60))
    const { roomId } = await openRoom()
    await deliver(meeting('MeetingStarted', roomId, { internalMeetingId: `${'a'.repeat(40)}-${createTime - 1}` }))
    gateway.exists = gateway.running = true
    rooms.moveClock(61 * minuteMs)
    await sweep()
    expect(gateway.asked).not.toContain('end')
    await deliver(rights(2, 1, 'unlimited'))
    await sweep()
    expect(await told()).toEqual(['RoomOpened', 'SessionStarted'])
  })

  const sweep = async () => {
    await rooms.runLoops()
    await rooms.runJobs()
  }
})

/** The gateway's word is good for a second. */
async function eventually(holds: () => Promise<boolean>) {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}
