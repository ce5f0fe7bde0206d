import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { checksumAlgorithms, encodeQuery, listIn, parseReply, signQuery, slidesXml, textOf } from '@meetcoop/bbb'
import { maxBodyBytes } from './api.ts'
import { nodeUnderTest, until } from './node-under-test.ts'
import type { NodeUnderTest } from './node-under-test.ts'

let node: NodeUnderTest

beforeAll(async () => {
  node = await nodeUnderTest()
})
afterAll(() => node.close())
afterEach(async () => {
  await node.control('POST', 'crash')
  await node.control('POST', 'return')
})

const room = { meetingID: 'room-1', name: 'Room', attendeePW: 'ap', moderatorPW: 'mp' }
const post = (url: string, type: string, body: string) =>
  fetch(url, { method: 'POST', headers: { 'content-type': type }, body })
const form = 'application/x-www-form-urlencoded'
const replyOf = async (response: Response) => parseReply(await response.text())
const join = (params: Record<string, string | number | boolean>) =>
  fetch(node.signed('join', { meetingID: 'room-1', fullName: 'Ann', ...params }), { redirect: 'manual' })

describe('checksum', () => {
  test.each(checksumAlgorithms)('%s is accepted', async (algorithm) =>
    expect(await replyOf(await fetch(node.signed('getMeetings', {}, algorithm)))).toMatchObject({
      returncode: 'SUCCESS',
    }),
  )

  test.each([
    ['none', () => `${node.apiUrl}create?meetingID=room-1&name=Room`],
    ['a wrong one', () => `${node.apiUrl}create?meetingID=room-1&name=Room&checksum=${'0'.repeat(64)}`],
    ['that of another call', () => node.signed('end', room).replace('/end?', '/create?')],
    ['one for other parameters', () => node.signed('create', room).replace('room-1', 'room-2')],
  ])('%s is refused with status 200, and changes nothing', async (_what, url) => {
    const response = await fetch(url())
    expect(response.status).toBe(200)
    expect(await replyOf(response)).toMatchObject({ returncode: 'FAILED', messageKey: 'checksumError' })
    expect(await node.client.getMeetings()).toMatchObject({ messageKey: 'noMeetings' })
  })

  test('a form signs the query alone, so with all in the body just call and secret', async () => {
    const body = `${encodeQuery(room)}&checksum=${signQuery('create', '', 'the secret of the node under test')}`
    expect(await replyOf(await post(`${node.apiUrl}create`, form, body))).toMatchObject({ returncode: 'SUCCESS' })
  })

  test('a parameter in both query and body is refused', async () =>
    expect(await replyOf(await post(node.signed('create', room), form, 'name=Other'))).toMatchObject({
      messageKey: 'checksumError',
    }))
})

describe('create', () => {
  test('tells the ids', async () => {
    const { body } = await node.client.create({ meetingID: 'room-1', name: 'Room' })
    expect(textOf(body['internalMeetingID'])).toBe(`0e9770ee13188deca3cd34f598eb93650a2f97c3-${node.startMs}`)
    expect(body).toMatchObject({
      createTime: String(node.startMs),
      createDate: 'Mon Jan 05 09:00:00 UTC 2026',
      messageKey: '',
    })
  })

  test.each([
    ['the same passwords', room, { returncode: 'SUCCESS', messageKey: 'duplicateWarning' }],
    ['no passwords', { meetingID: 'room-1', name: 'New' }, { returncode: 'SUCCESS', messageKey: 'duplicateWarning' }],
    ['another password', { ...room, moderatorPW: 'xx' }, { returncode: 'FAILED', messageKey: 'idNotUnique' }],
    ['one of two passwords', { ...room, attendeePW: undefined }, { returncode: 'FAILED', messageKey: 'idNotUnique' }],
  ])('again with %s', async (_what, again, expected) => {
    const first = await node.client.create(room)
    const second = await node.client.create(again)
    expect(second).toMatchObject(expected)
    if (second.returncode === 'SUCCESS') expect(second.body['createTime']).toEqual(first.body['createTime'])
    expect(textOf((await node.client.getMeetingInfo('room-1')).body['meetingName'])).toBe('Room')
  })

  test.each([
    ['no meeting id', { ...room, meetingID: '' }, 'missingParamMeetingID'],
    ['a comma in the meeting id', { ...room, meetingID: 'a,b' }, 'validationError'],
    ['a long meeting id', { ...room, meetingID: 'x'.repeat(257) }, 'validationError'],
    ['a short name', { ...room, name: 'x' }, 'validationError'],
    ['a short password', { ...room, attendeePW: 'x' }, 'invalidPassword'],
    ['a breakout room without parent', { ...room, isBreakout: true }, 'parentMeetingIDMissing'],
    ['an unknown parent', { ...room, isBreakout: true, parentMeetingID: 'zz' }, 'parentMeetingDoesNotExist'],
  ])('with %s is refused', async (_what, params, messageKey) => {
    expect(await node.client.create(params)).toMatchObject({ returncode: 'FAILED', messageKey })
    expect(await node.client.getMeetings()).toMatchObject({ messageKey: 'noMeetings' })
  })

  test('a voice bridge cannot be had twice', async () => {
    await node.client.create({ ...room, voiceBridge: '71234' })
    expect(await node.client.create({ ...room, meetingID: 'room-2', voiceBridge: '71234' })).toMatchObject({
      messageKey: 'nonUniqueVoiceBridge',
    })
  })

  test('ignores bad numbers', async () =>
    expect((await node.client.create({ ...room, duration: 'long' })).body['duration']).toBe('0'))

  test.each(['application/xml', 'text/xml'])('takes slides as %s', async (type) => {
    const body = slidesXml([{ url: 'https://ex.org/a.pdf', filename: 'a.pdf' }])
    expect(await replyOf(await post(node.signed('create', room), type, body))).toMatchObject({ returncode: 'SUCCESS' })
    expect((await node.control('GET', 'state')).body).toMatchObject({ meetings: [{ documents: ['a.pdf'] }] })
  })

  test.each([
    ['JSON', 'application/json', '{}', 'unsupportedContentType'],
    ['broken XML', 'application/xml', '<modules>', 'validationError'],
    [
      'XML with a DOCTYPE',
      'application/xml',
      '<!DOCTYPE a [<!ENTITY b "c">]><modules>&b;</modules>',
      'validationError',
    ],
  ])('refuses %s', async (_what, type, body, messageKey) =>
    expect(await replyOf(await post(node.signed('create', room), type, body))).toMatchObject({ messageKey }),
  )

  test('a body too large gets 413', async () =>
    expect((await post(node.signed('create', room), 'text/xml', 'x'.repeat(maxBodyBytes + 1))).status).toBe(413))
})

describe('join', () => {
  test.each([
    ['by moderator password', { password: 'mp' }, 'MODERATOR'],
    ['by attendee password', { password: 'ap' }, 'VIEWER'],
    ['by role', { role: 'MODERATOR' }, 'MODERATOR'],
    ['by role over password', { role: 'viewer', password: 'mp' }, 'VIEWER'],
  ])('%s', async (_what, params, role) => {
    await node.client.create(room)
    const response = await join({ ...params, userID: 'u1' })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toMatch(/\/html5client\/\?sessionToken=[\w-]{16}$/)
    expect(response.headers.get('set-cookie')).toContain('JSESSIONID=')
    const info = await node.client.getMeetingInfo('room-1')
    expect(listIn(info.body, 'attendees', 'attendee')).toMatchObject([{ userID: 'u1', fullName: 'Ann', role }])
    expect(await (await fetch(response.headers.get('location') ?? '')).text()).toContain('1 person is here')
  })

  test('redirect=false answers in XML', async () => {
    await node.client.create(room)
    const reply = await replyOf(await join({ role: 'VIEWER', redirect: false }))
    expect(reply).toMatchObject({ messageKey: 'successfullyJoined', body: { guestStatus: 'ALLOW' } })
    expect(textOf(reply.body['user_id'])).toMatch(/^w_[0-9a-f]{12}$/)
  })

  test.each([
    ['a bad role', { role: 'BOSS' }, 'invalidPassword'],
    ['a bad password', { password: 'xx' }, 'invalidPassword'],
    ['an unknown meeting', { meetingID: 'room-9', role: 'VIEWER', redirect: false }, 'invalidMeetingIdentifier'],
    ['another createTime', { role: 'VIEWER', createTime: 5, redirect: false }, 'mismatchCreateTimeParam'],
    ['a guest, none allowed', { role: 'VIEWER', guest: true, redirect: false }, 'guestDeniedAccess'],
  ])('with %s is refused in XML', async (_what, params, messageKey) => {
    await node.client.create({ ...room, guestPolicy: 'ALWAYS_DENY' })
    expect(await replyOf(await join(params))).toMatchObject({ returncode: 'FAILED', messageKey })
  })

  test.each([
    [
      'errorRedirectUrl',
      { errorRedirectUrl: 'https://ex.org/oops?a=1', logoutURL: 'https://ex.org/bye' },
      'https://ex.org/oops?a=1&',
    ],
    ['logoutURL', { logoutURL: 'https://ex.org/bye' }, 'https://ex.org/bye?'],
    ['no address that is one', { errorRedirectUrl: 'javascript:alert(1)' }, 'http://127.0.0.1:'],
  ])('an error goes to %s', async (_what, params, beginning) => {
    const response = await join({ meetingID: 'room-9', role: 'VIEWER', ...params })
    const location = new URL(response.headers.get('location') ?? '')
    expect(location.href.startsWith(beginning)).toBe(true)
    expect(JSON.parse(location.searchParams.get('errors') ?? '')).toMatchObject([{ key: 'invalidMeetingIdentifier' }])
  })

  test('a missing name redirects even with redirect=false', async () =>
    expect((await join({ fullName: '', role: 'VIEWER', redirect: false })).status).toBe(302))

  test('a full meeting lets in bots, and whoever is in already', async () => {
    await node.client.create({ ...room, maxParticipants: 1 })
    const joined = async (params: Record<string, string | boolean>) =>
      (await replyOf(await join({ role: 'VIEWER', redirect: false, ...params }))).messageKey
    expect(await joined({ userID: 'u1' })).toBe('successfullyJoined')
    expect(await joined({ userID: 'u2' })).toBe('maxParticipantsReached')
    expect(await joined({ userID: 'u1' })).toBe('successfullyJoined')
    expect(await joined({ userID: 'u3', bot: true })).toBe('successfullyJoined')
  })

  test('a guest waits for a moderator', async () => {
    await node.client.create({ ...room, guestPolicy: 'ASK_MODERATOR' })
    const reply = await replyOf(await join({ role: 'VIEWER', guest: true, redirect: false }))
    expect(reply.body['guestStatus']).toBe('WAIT')
    expect((await node.client.getMeetingInfo('room-1')).body['participantCount']).toBe('0')
    await join({ role: 'MODERATOR' })
    expect((await node.client.getMeetingInfo('room-1')).body['participantCount']).toBe('2')
  })
})

describe('a meeting', () => {
  test('is counted as people come and go', async () => {
    await node.client.create(room)
    expect((await node.client.isMeetingRunning('room-1')).body['running']).toBe('false')
    const people = 'meetings/room-1/participants'
    await node.control('POST', people, { name: 'Mo', role: 'MODERATOR', hasVideo: true })
    const { body } = await node.control('POST', people, { name: 'Vi', role: 'VIEWER', listeningOnly: true })
    expect(listIn((await node.client.getMeetings()).body, 'meetings', 'meeting')).toMatchObject([
      {
        participantCount: '2',
        moderatorCount: '1',
        voiceParticipantCount: '1',
        listenerCount: '1',
        videoCount: '1',
        running: 'true',
      },
    ])
    expect((await node.control('DELETE', `${people}/${String(body?.['userID'])}`)).status).toBe(204)
    expect((await node.client.getMeetingInfo('room-1')).body['participantCount']).toBe('1')
  })

  test('expires on the node’s clock once everybody has left', async () => {
    await node.client.create(room)
    const { body } = await node.control('POST', 'meetings/room-1/participants', { name: 'Mo', role: 'MODERATOR' })
    node.pass(30)
    await node.control('DELETE', `meetings/room-1/participants/${String(body?.['userID'])}`)
    expect(await node.client.getMeetingInfo('room-1')).toMatchObject({ returncode: 'SUCCESS' })
    node.pass(1)
    await until('the end', async () => (await node.client.getMeetingInfo('room-1')).messageKey === 'notFound')
  })

  test('ends for a moderator, not for another', async () => {
    await node.client.create(room)
    expect(await node.client.end('room-1', 'ap')).toMatchObject({ messageKey: 'invalidPassword' })
    expect(await node.client.end('room-1', 'mp')).toMatchObject({ messageKey: 'sentEndMeetingRequest' })
    await until('the end', async () => (await node.client.end('room-1')).messageKey === 'notFound')
    expect((await node.client.isMeetingRunning('room-1')).body['running']).toBe('false')
  })

  test('takes its breakout rooms along', async () => {
    await node.client.create(room)
    await node.client.create({
      meetingID: 'breakout-1',
      name: 'Breakout',
      isBreakout: true,
      parentMeetingID: 'room-1',
      sequence: 1,
    })
    expect((await node.client.getMeetingInfo('breakout-1')).body).toMatchObject({ isBreakout: 'true', sequence: '1' })
    await node.client.end('room-1')
    await until('the end of both', async () => (await node.client.getMeetings()).messageKey === 'noMeetings')
  })

  test('takes documents and messages', async () => {
    await node.client.create(room)
    expect(await node.client.insertDocument('room-1', [{ url: 'https://ex.org/b.pdf' }])).toMatchObject({
      returncode: 'SUCCESS',
      message: 'Presentation is being uploaded',
    })
    expect(await node.client.sendChatMessage('room-1', 'Hello')).toMatchObject({ returncode: 'SUCCESS' })
    expect(await node.client.sendChatMessage('room-1', 'x'.repeat(501))).toMatchObject({
      messageKey: 'validationError',
    })
    expect(await node.client.sendChatMessage('room-9', 'Hello')).toMatchObject({ messageKey: 'meetingNotFound' })
  })
})

test('the API tells its version to anybody', async () =>
  expect(await replyOf(await fetch(node.apiUrl))).toMatchObject({
    returncode: 'SUCCESS',
    body: { version: '2.0', bbbVersion: '' },
  }))
