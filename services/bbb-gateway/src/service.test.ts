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

describe('who may call', () => {
  test('a wrong checksum, an unknown tenant and another tenant’s secret are told alike', async () => {
    await open()
    const wrong = [
      await gateway.ask('getMeetings', {}, { tenantId: 'ann-h1', secret: 'wrong' }),
      await gateway.ask('getMeetings', {}, { tenantId: 'nobody-h1', secret: secrets.ann }),
      await gateway.ask('getMeetings', {}, { tenantId: 'ann-h1', secret: secrets.bob }),
      await gateway.ask('join', { ...room, fullName: 'Eve', logoutURL: 'https://evil.test/' }, { secret: 'wrong' }),
    ]
    for (const { status, reply } of wrong) expect([status, reply?.messageKey]).toEqual([200, 'checksumError'])
  })

  test('both secrets are good while one is being rotated', async () => {
    await open()
    for (const secret of ['old-secret-of-bob', secrets.bob])
      expect((await gateway.ask('getMeetings', {}, { ...bob, secret })).reply?.messageKey).toBe('noMeetings')
  })

  test('the bare address is for the house only', async () => {
    await open()
    const bare = async (secret: string) => {
      const url = gateway.url('x', 'getMeetings', {}, secret).replace('/t/x/', '/')
      return (await fetch(url)).text()
    }
    expect(await bare(secrets.house)).toContain('noMeetings')
    expect(await bare(secrets.ann)).toContain('checksumError')
  })

  test('anybody may ask for the version', async () => {
    await open()
    for (const path of ['/bigbluebutton/api', '/bigbluebutton/api/', '/t/ann-h1/bigbluebutton/api/']) {
      const response = await fetch(gateway.address + path)
      expect(await response.text()).toContain('<returncode>SUCCESS</returncode><version>2.0</version>')
      expect(response.headers.get('content-type')).toBe('text/xml;charset=utf-8')
    }
  })

  test('a parameter in both query and form is refused, one in either is taken', async () => {
    await open()
    const post = async (inQuery: object, form: string) => {
      const url = gateway.url('ann-h1', 'create', inQuery as never, secrets.ann)
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return (await fetch(url, { method: 'POST', headers, body: form })).text()
    }
    expect(await post({ meetingID: 'room' }, 'name=Room&meetingID=other')).toContain('checksumError')
    expect(await post({ meetingID: 'room' }, 'name=Room')).toContain('SUCCESS')
    expect(await post({}, 'name=Room&meetingID=other')).toContain('<meetingID>other</meetingID>')
  })

  test.each([
    ['a call that nobody knows', 'GET', 'nothing', undefined, 'unsupportedRequest'],
    ['a method the call does not take', 'POST', 'join', undefined, 'unsupportedRequest'],
    ['a call that is not offered yet', 'GET', 'deleteRecordings', undefined, 'unsupportedRequest'],
    ['a body of another type', 'POST', 'create', ['application/json', '{}'], 'unsupportedContentType'],
    ['slides where none belong', 'POST', 'end', ['application/xml', '<modules/>'], 'unsupportedContentType'],
    ['a DOCTYPE', 'POST', 'create', ['application/xml', '<!DOCTYPE a><modules/>'], 'validationError'],
    ['no meeting id', 'GET', 'getMeetingInfo', undefined, 'missingParamMeetingID'],
  ])('%s is refused in BBB’s own form', async (_what, method, callName, body, messageKey) => {
    await open()
    const [type = '', content = ''] = body ?? []
    const url = gateway.url('ann-h1', callName, callName === 'create' ? room : {}, secrets.ann)
    const response = await fetch(url, { method, ...(body ? { headers: { 'content-type': type }, body: content } : {}) })
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringContaining(`<messageKey>${messageKey}<`),
    ])
  })

  test('what is too long is refused before it is read', async () => {
    await open()
    expect((await gateway.ask('create', { ...room, welcome: 'x'.repeat(9_000) })).status).toBe(414)
    const body = `<modules>${' '.repeat(1_100_000)}</modules>`
    const headers = { 'content-type': 'application/xml' }
    const response = await fetch(gateway.url('ann-h1', 'create', room, secrets.ann), { method: 'POST', headers, body })
    expect(response.status).toBe(413)
  })
})

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
    Object.assign(gateway.orchestration, { locate: away, listPlacements: away, listNodeAccess: away })
    expect((await gateway.ask('join', { meetingID: 'room', fullName: 'Ann', password: 'apw' })).status).toBe(302)
    expect((await gateway.ask('getMeetings', {})).text).toContain('<meetingID>room</meetingID>')
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

describe('what others tell', () => {
  test('an ended meeting is forgotten by its event, and an older list does not bring it back', async () => {
    await open()
    await gateway.ask('create', room)
    const live = gateway.orchestration.live.get(keyOf('room'))
    const ended = { ...live?.placement, status: 'ENDED' }
    await gateway.deliver(placementEvent('MeetingEnded', ended, 3))
    await gateway.deliver(placementEvent('MeetingEnded', ended, 3))
    await gateway.deliver(placementEvent('MeetingStarted', { ...live?.placement, status: 'RUNNING' }, 2))
    await gateway.runLoops()
    expect((await gateway.ask('join', { meetingID: 'room', fullName: 'A' })).reply?.messageKey).toBe(
      'invalidMeetingIdentifier',
    )
  })

  test('a meeting that another gateway created is learnt by its event', async () => {
    await open()
    const { live } = await gateway.orchestration.locate({
      tenantId: 'ann-h1',
      memberId: 'ann',
      externalMeetingId: 'far',
      reserve: true,
      recorded: false,
    })
    await gateway.deliver(placementEvent('MeetingPlaced', live.placement ?? {}, 1))
    await gateway.runLoops()
    expect((await gateway.ask('join', { meetingID: 'far', fullName: 'A' })).status).toBe(302)
  })

  test('a new secret, and the loss of an account, are learnt by their events', async () => {
    await open()
    gateway.membership.set('ann', ['new'])
    gateway.membership.remove('bob')
    await gateway.deliver(memberEvent('ann'))
    await gateway.deliver(memberEvent('bob'))
    await gateway.runLoops()
    expect((await gateway.ask('getMeetings', {})).reply?.messageKey).toBe('checksumError')
    expect((await gateway.ask('getMeetings', {}, { tenantId: 'ann-h1', secret: 'new' })).reply?.messageKey).toBe(
      'noMeetings',
    )
    expect((await gateway.ask('getMeetings', {}, bob)).reply?.messageKey).toBe('checksumError')
  })
})

test('getRecordings lists what recording-storage has, in BBB’s form', async () => {
  await open()
  expect((await gateway.ask('getRecordings', {})).reply).toMatchObject({
    messageKey: 'noRecordings',
    body: { totalElements: '0' },
  })
  gateway.recordings.recordings.push({
    recording: {
      recordingId: 'r-1',
      tenantId: 'ann-h1',
      memberId: 'ann',
      placementId: 'p',
      nodeId: 'n',
      status: 'PUBLISHED',
      locked: false,
      spaceBytes: 5,
    },
    externalMeetingId: 'room',
    name: 'Room',
    startedAtMs: 1,
    endedAtMs: 60_001,
    participants: 2,
    metadata: { kept: 'yes', 'bbb-recording-ready-url': 'http://x' },
    formats: [{ type: 'presentation', url: 'http://recordings.test/p', lengthMinutes: 1, spaceBytes: 5 }],
  })
  const { reply, text } = await gateway.ask('getRecordings', {
    meetingID: 'room, two',
    state: 'any,published',
    limit: 500,
    offset: 0,
  })
  const [recording] = listIn(reply?.body, 'recordings', 'recording')
  expect(recording).toMatchObject({
    recordID: 'r-1',
    meetingID: 'room',
    state: 'published',
    published: 'true',
    metadata: { kept: 'yes' },
  })
  expect(text).toContain('<url>http://recordings.test/p</url>')
  expect(gateway.recordings.asked.at(-1)).toEqual({
    tenantId: 'ann-h1',
    recordingIds: [],
    externalMeetingIds: ['room', 'two'],
    statuses: ['RECEIVED', 'PUBLISHED', 'UNPUBLISHED', 'DELETED'],
    offset: 0,
    limit: 100,
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
const placementEvent = (
  type: 'MeetingPlaced' | 'MeetingStarted' | 'MeetingEnded',
  placement: object,
  version: number,
) => ({
  ...envelope,
  id: `k.${version}.0`,
  type,
  aggregateId: 'k',
  version,
  data: { placement },
})
