import { createRequire } from 'node:module'
import { afterEach, expect, test } from '@jest/globals'
import { gatewayUnderTest, secrets, type GatewayUnderTest } from './service-under-test.ts'

// Two clients that others wrote. Both sign with sha1 and encode as forms do.
const require = createRequire(import.meta.url)

type Urls = Record<string, (...args: unknown[]) => string>
type BigbluebuttonJs = {
  api: (host: string, salt: string) => { administration: Urls; monitoring: Urls; recording: Urls }
  http: (url: string) => Promise<Record<string, unknown>>
}
type Calls = Record<string, (...args: unknown[]) => Promise<{ response: Record<string, unknown[]> }>>
type BbbPromise = { server: (host: string, salt: string) => { administration: Calls; monitoring: Calls } }

let gateway: GatewayUnderTest
afterEach(() => gateway.close())

const open = async (): Promise<string> => {
  gateway = await gatewayUnderTest()
  await gateway.runLoops()
  return gateway.api('ann-h1').replace(/api\/$/, '')
}

test('bigbluebutton-js takes the gateway for a BBB server', async () => {
  const { api, http } = require('bigbluebutton-js') as BigbluebuttonJs
  const { administration, monitoring, recording } = api(await open(), secrets.ann)
  const call = (url: string | undefined) => http(url ?? '')
  const passwords = { attendeePW: 'ap', moderatorPW: 'mp', record: true }
  expect(await call(administration['create']?.('Our weekly call!', 'weekly, not', passwords))).toMatchObject({
    messageKey: 'validationError',
  })
  expect(await call(administration['create']?.('Our weekly call!', 'weekly (ä)', passwords))).toMatchObject({
    returncode: 'SUCCESS',
    meetingID: 'weekly (ä)',
    attendeePW: 'ap',
  })
  const joined = await fetch(administration['join']?.('Ann (host)', 'weekly (ä)', 'mp') ?? '')
  expect(await joined.text()).toContain('Ann (host)')
  expect(await call(monitoring['getMeetingInfo']?.('weekly (ä)'))).toMatchObject({ participantCount: 1 })
  expect(await call(monitoring['getMeetings']?.())).toMatchObject({ meetings: [{ meetingID: 'weekly (ä)' }] })
  expect(await call(monitoring['isMeetingRunning']?.('weekly (ä)'))).toMatchObject({ running: true })
  expect(await call(administration['end']?.('weekly (ä)', 'mp'))).toMatchObject({ messageKey: 'sentEndMeetingRequest' })
  expect(await call(recording['getRecordings']?.({ meetingID: 'weekly' }))).toMatchObject({
    messageKey: 'noRecordings',
  })
})

test('bbb-promise takes the gateway for a BBB server', async () => {
  const { server } = require('bbb-promise') as BbbPromise
  const { administration, monitoring } = server(await open(), secrets.ann)
  const created = await administration['create']?.('Other', 'other', { attendeePW: 'ap', moderatorPW: 'mp' })
  expect(created?.response['returncode']).toEqual(['SUCCESS'])
  const again = await administration['create']?.('Other', 'other', { attendeePW: 'xx', moderatorPW: 'yy' })
  expect(again?.response['messageKey']).toEqual(['idNotUnique'])
  const running = await monitoring['isMeetingRunning']?.('other')
  expect(running?.response['running']).toEqual(['false'])
})
