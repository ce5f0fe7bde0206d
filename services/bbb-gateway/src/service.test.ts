import { afterEach, describe, expect, test } from '@jest/globals'
import { listIn, textOf } from '@meetcoop/bbb'
import { gatewayUnderTest, secrets, type GatewayUnderTest } from './service-under-test.ts'

let gateway: GatewayUnderTest
afterEach(() => gateway.close())

const open = async (options: Parameters<typeof gatewayUnderTest>[0] = {}) => {
  gateway = await gatewayUnderTest(options)
  await gateway.runLoops()
}
const bob = { tenantId: 'bob-h1', secret: secrets.bob }
const room = { meetingID: 'room', name: 'Room' }
const passwords = { attendeePW: 'apw', moderatorPW: 'mpw' }
const keyOf = (text: string, tenantId = 'ann-h1') => `${tenantId}-${Buffer.from(text).toString('hex')}`

describe('create', () => {
  test('answers as BBB does, under the tenant’s own meeting id', async () => {
    await open()
    const { reply, text } = await gateway.ask('create', { ...room, ...passwords })
    expect(reply).toMatchObject({ returncode: 'SUCCESS', messageKey: '', body: { meetingID: 'room', ...passwords } })
    expect(text).not.toContain(keyOf('room'))
    expect(gateway.orchestration.hints).toEqual([`${keyOf('room')}.1`])
  })

  test('is idempotent, and invents no passwords', async () => {
    await open()
    const first = (await gateway.ask('create', room)).reply
    const again = (await gateway.ask('create', room)).reply
    expect(again).toMatchObject({ returncode: 'SUCCESS', messageKey: 'duplicateWarning' })
    for (const tag of ['createTime', 'attendeePW', 'moderatorPW', 'internalMeetingID'])
      expect(textOf(again?.body[tag])).toBe(textOf(first?.body[tag]))
    expect((await gateway.ask('create', { ...room, ...passwords })).reply?.messageKey).toBe('idNotUnique')
  })

  test('two tenants may use the same id', async () => {
    await open()
    await gateway.ask('create', room)
    expect((await gateway.ask('create', room, bob)).reply).toMatchObject({ returncode: 'SUCCESS', messageKey: '' })
    const { reply } = await gateway.ask('getMeetings', {}, bob)
    expect(listIn(reply?.body, 'meetings', 'meeting')).toHaveLength(1)
  })

  test('slides are passed on', async () => {
    await open()
    const body =
      '<modules><module name="presentation"><document url="https://ex.org/a.pdf" filename="a.pdf"/></module></modules>'
    const headers = { 'content-type': 'application/xml' }
    await fetch(gateway.url('ann-h1', 'create', room, secrets.ann), { method: 'POST', headers, body })
    expect((await gateway.nodes[0]?.state())?.meetings[0]?.documents).toEqual(['a.pdf'])
  })

  test('a form too long for a URL reaches the node', async () => {
    await open()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams({ ...room, welcome: 'ä'.repeat(5_000) }).toString()
    const response = await fetch(gateway.url('ann-h1', 'create', {}, secrets.ann), { method: 'POST', headers, body })
    expect(await response.text()).toContain('SUCCESS')
  })

  test('a tenant’s own callbacks never reach the node, and ours never reach the tenant', async () => {
    await open()
    const callbacks = {
      meta_endCallbackUrl: 'https://evil.test/1',
      meetingEndedURL: 'https://evil.test/2',
      'meta_bbb-recording-ready-url': 'https://evil.test/3',
    }
    await gateway.ask('create', { ...room, ...callbacks, meta_kept: 'yes' })
    const { text } = await gateway.ask('getMeetingInfo', { meetingID: 'room' })
    expect(text).toContain('<metadata><kept>yes</kept></metadata>')
    expect(text).not.toMatch(/evil|recordings\.test|orchestration\.test/)
  })

  test('the tier’s minutes and space bound it', async () => {
    await open()
    gateway.membership.set('basic', ['s'], { sessionMinutes: 60, recordingSpaceBytes: 0, personalRooms: 1 })
    await gateway.deliver(memberEvent('basic'))
    await gateway.runLoops()
    const basic = { tenantId: 'basic-rooms', secret: 's' }
    await gateway.ask('create', { ...room, record: true, duration: 600 }, basic)
    const info = (await gateway.ask('getMeetingInfo', { meetingID: 'room' }, basic)).reply
    expect(info?.body).toMatchObject({ duration: '60', recording: 'false' })
    expect((await gateway.ask('create', { meetingID: 'second', name: 'B' }, basic)).reply?.messageKey).toBe(
      'roomLimitReached',
    )
    expect((await gateway.ask('create', room, basic)).reply?.messageKey).toBe('duplicateWarning')
  })

  test('a node that fails, and no node at all, are clear errors', async () => {
    await open()
    await gateway.nodes[0]?.sandbox('behaviour', { fail: 'garbage' })
    expect((await gateway.ask('create', room)).reply?.messageKey).toBe('serverUnavailable')
    expect((await gateway.ask('isMeetingRunning', { meetingID: 'room' })).reply?.body).toMatchObject({
      running: 'false',
    })
    gateway.orchestration.isDown = true
    expect((await gateway.ask('create', { meetingID: 'x1', name: 'X' })).reply?.messageKey).toBe('serverUnavailable')
  })
})

describe('join', () => {
  test('sends the browser to the node, with all it said, and it gets in', async () => {
    await open()
    await gateway.ask('create', { ...room, ...passwords })
    const { status, location } = await gateway.ask('join', {
      meetingID: 'room',
      fullName: 'Ann & Ö',
      password: 'mpw',
      'userdata-x': '1+1',
    })
    expect(status).toBe(302)
    expect(location).toContain(
      `${gateway.nodes[0]?.url}join?fullName=Ann%20%26%20%C3%96&password=mpw&userdata-x=1%2B1&meetingID=${keyOf('room')}&checksum=`,
    )
    const inside = await fetch(location ?? '', { redirect: 'manual' })
    expect(inside.headers.get('location')).toContain('sessionToken=')
    expect((await gateway.ask('getMeetingInfo', { meetingID: 'room' })).text).toContain(
      '<fullName>Ann &amp; Ö</fullName>',
    )
  })

  test('without redirect it is answered in XML', async () => {
    await open()
    await gateway.ask('create', { ...room, ...passwords })
    const join = { meetingID: 'room', fullName: 'Ann', redirect: false }
    expect((await gateway.ask('join', { ...join, password: 'mpw' })).reply?.messageKey).toBe('successfullyJoined')
    expect((await gateway.ask('join', { ...join, password: 'no' })).reply?.messageKey).toBe('invalidPassword')
  })

  test('an unknown meeting, and another tenant’s, is refused as BBB does', async () => {
    await open()
    await gateway.ask('create', room)
    const asked = { meetingID: 'room', fullName: 'Eve' }
    expect((await gateway.ask('join', asked, bob)).reply?.messageKey).toBe('invalidMeetingIdentifier')
    const { location } = await gateway.ask('join', { ...asked, errorRedirectUrl: 'https://lms.test/e?a=1' }, bob)
    expect(location).toMatch(/^https:\/\/lms\.test\/e\?a=1&errors=.*invalidMeetingIdentifier/)
  })

  test('goes on when all other services are down, also after a restart', async () => {
    await open()
    await gateway.ask('create', { ...room, ...passwords })
    await gateway.runLoops()
    const { createMemory } = await import('./memory/memory.ts')
    const { readSnapshot } = await import('./memory/snapshot.ts')
    const { STATE_DIR: stateDir } = gateway.house.settings
    const memory = createMemory()
    const memories = await readSnapshot({ stateDir, snapshotKey: gateway.house.secrets.snapshotKey })
    if (memories) memory.remember(memories)
    expect(memory.findMeeting('ann-h1', 'room')).toMatchObject({ nodeId: 'node-1' })
    expect(memory.tenant('ann-h1')?.secrets).toEqual([secrets.ann])
    await expect(readSnapshot({ stateDir, snapshotKey: 'x'.repeat(32) })).rejects.toThrow()

    const away = async () => Promise.reject(Object.assign(new Error('away'), { code: 14 }))
    Object.assign(gateway.membership, { listMembers: away, getMember: away, getCredentials: away })
    Object.assign(gateway.orchestration, { locate: away, confirm: away, listPlacements: away, listNodeAccess: away })
    expect((await gateway.ask('join', { meetingID: 'room', fullName: 'Ann', password: 'apw' })).status).toBe(302)
    expect((await gateway.ask('getMeetings', {})).text).toContain('<meetingID>room</meetingID>')
    expect((await gateway.ask('create', { ...room, ...passwords })).reply?.messageKey).toBe('duplicateWarning')
  })
})

describe('the calls about a meeting', () => {
  test('end ends it, with the right password only', async () => {
    await open()
    await gateway.ask('create', { ...room, ...passwords })
    expect((await gateway.ask('end', { meetingID: 'room', password: 'apw' })).reply?.messageKey).toBe('invalidPassword')
    expect((await gateway.ask('end', { meetingID: 'room', password: 'mpw' })).reply?.messageKey).toBe(
      'sentEndMeetingRequest',
    )
    expect((await gateway.ask('end', { meetingID: 'other' })).reply?.messageKey).toBe('notFound')
  })

  test('another tenant’s meeting is not there', async () => {
    await open()
    const { reply } = await gateway.ask('create', room)
    const internal = textOf(reply?.body['internalMeetingID'])
    for (const meetingID of ['room', keyOf('room'), internal]) {
      expect((await gateway.ask('getMeetingInfo', { meetingID }, bob)).reply?.messageKey).toBe('notFound')
      expect((await gateway.ask('isMeetingRunning', { meetingID }, bob)).reply?.body).toMatchObject({
        running: 'false',
      })
      expect((await gateway.ask('end', { meetingID }, bob)).reply?.messageKey).toBe('notFound')
      expect((await gateway.ask('sendChatMessage', { meetingID, message: 'x' }, bob)).reply?.messageKey).toBe(
        'meetingNotFound',
      )
    }
    expect((await gateway.ask('getMeetings', {}, bob)).reply?.messageKey).toBe('noMeetings')
    expect((await gateway.ask('getMeetingInfo', { meetingID: internal })).reply?.body).toMatchObject({
      meetingID: 'room',
    })
  })

  test('chat and slides are passed on', async () => {
    await open()
    await gateway.ask('create', room)
    expect((await gateway.ask('sendChatMessage', { meetingID: 'room', message: 'hi' })).reply?.returncode).toBe(
      'SUCCESS',
    )
    const body =
      '<modules><module name="presentation"><document url="https://ex.org/b.pdf" filename="b.pdf"/></module></modules>'
    const headers = { 'content-type': 'application/xml' }
    const url = gateway.url('ann-h1', 'insertDocument', { meetingID: 'room' }, secrets.ann)
    expect(await (await fetch(url, { method: 'POST', headers, body })).text()).toContain('SUCCESS')
    expect((await gateway.nodes[0]?.state())?.meetings[0]?.documents).toEqual(['b.pdf'])
  })
})

describe('getMeetings', () => {
  test('is complete for the rest, with the last known state, when a node fails or hangs', async () => {
    await open({ nodeCount: 3 })
    for (const meetingID of ['r1', 'r2', 'r3']) await gateway.ask('create', { meetingID, name: meetingID })
    const list = async () => {
      const { reply } = await gateway.ask('getMeetings', {})
      return listIn(reply?.body, 'meetings', 'meeting')
        .map((meeting) => textOf(meeting['meetingID']))
        .toSorted()
    }
    expect(await list()).toEqual(['r1', 'r2', 'r3'])
    await gateway.nodes[0]?.sandbox('behaviour', { fail: 'garbage' })
    await gateway.nodes[1]?.sandbox('behaviour', { hang: true })
    await gateway.ask('create', { meetingID: 'r4', name: 'r4' })
    // Until the answers kept are old, and the hanging node is waited for.
    let tookMs = 0
    while (tookMs < 500) {
      const startedAtMs = performance.now()
      expect(await list()).toEqual(['r1', 'r2', 'r3'])
      tookMs = performance.now() - startedAtMs
    }
    expect(tookMs).toBeLessThan(1_500)
    await gateway.nodes[1]?.sandbox('behaviour', { hang: false })
  })
})

const envelope = { causeId: 'c', occurredAtMs: 1, traceparent: '' }
const memberEvent = (memberId: string) =>
  ({
    ...envelope,
    id: `${memberId}.2.0`,
    type: 'EntitlementsSet',
    aggregateId: memberId,
    version: 2,
    data: { memberId },
  }) as const
