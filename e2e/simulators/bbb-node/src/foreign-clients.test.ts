import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { nodeUnderTest, secret, until } from './node-under-test.ts'
import type { NodeUnderTest } from './node-under-test.ts'

// Two clients that others wrote. Both sign with sha1 and encode as forms do.
const require = createRequire(import.meta.url)

type Urls = Record<string, (...args: unknown[]) => string>
type BigbluebuttonJs = {
  api: (host: string, salt: string) => { administration: Urls; monitoring: Urls; recording: Urls }
  http: (url: string) => Promise<Record<string, unknown>>
}
type Calls = Record<string, (...args: unknown[]) => Promise<{ response: Record<string, unknown[]> }>>
type BbbPromise = {
  server: (host: string, salt: string) => { administration: Calls; monitoring: Calls; recording: Calls }
}

let node: NodeUnderTest

beforeAll(async () => {
  node = await nodeUnderTest()
})
afterAll(() => node.close())

test('bigbluebutton-js runs a recorded meeting from create to playback', async () => {
  const { api, http } = require('bigbluebutton-js') as BigbluebuttonJs
  const { administration, monitoring, recording } = api(`${node.url}/bigbluebutton`, secret)
  const call = (url: string | undefined) => http(url ?? '')
  const passwords = { attendeePW: 'ap', moderatorPW: 'mp', record: true }
  expect(await call(administration['create']?.('Our weekly call!', 'weekly', passwords))).toMatchObject({
    returncode: 'SUCCESS',
    meetingID: 'weekly',
    attendeePW: 'ap',
  })
  const joined = await fetch(administration['join']?.('Ann (host)', 'weekly', 'mp') ?? '')
  expect(await joined.text()).toContain('Ann (host)')
  expect(await call(monitoring['getMeetingInfo']?.('weekly'))).toMatchObject({ participantCount: 1, moderatorCount: 1 })
  expect(await call(monitoring['getMeetings']?.())).toMatchObject({ meetings: [{ meetingID: 'weekly' }] })
  expect(await call(administration['end']?.('weekly', 'mp'))).toMatchObject({ messageKey: 'sentEndMeetingRequest' })
  const listed = await until('the recording', async () => {
    const reply = await call(recording['getRecordings']?.({ meetingID: 'weekly' }))
    return reply['messageKey'] === 'noRecordings' ? undefined : reply
  })
  const [first] = listed['recordings'] as { recordID: string; playback: { format: { url: string } } }[]
  const page = await fetch(first?.playback.format.url ?? '')
  expect(await page.text()).toContain('<video')
  expect(await call(recording['deleteRecordings']?.(first?.recordID))).toMatchObject({ deleted: true })
})

test('bbb-promise creates, asks and ends', async () => {
  const { server } = require('bbb-promise') as BbbPromise
  const { administration, monitoring, recording } = server(`${node.url}/bigbluebutton`, secret)
  const created = await administration['create']?.('Other', 'other', { attendeePW: 'ap', moderatorPW: 'mp' })
  expect(created?.response['returncode']).toEqual(['SUCCESS'])
  const again = await administration['create']?.('Other', 'other', { attendeePW: 'xx', moderatorPW: 'yy' })
  expect(again?.response['messageKey']).toEqual(['idNotUnique'])
  const running = await monitoring['isMeetingRunning']?.('other')
  expect(running?.response['running']).toEqual(['false'])
  const wrong = await administration['end']?.('other', 'ap')
  expect(wrong?.response['messageKey']).toEqual(['invalidPassword'])
  const ended = await administration['end']?.('other', 'mp')
  expect(ended?.response['messageKey']).toEqual(['sentEndMeetingRequest'])
  const none = await recording['getRecordings']?.({ meetingID: 'other' })
  expect(none?.response['messageKey']).toEqual(['noRecordings'])
})
