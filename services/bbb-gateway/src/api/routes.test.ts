import { afterEach, describe, expect, test } from '@jest/globals'
import { gatewayUnderTest, secrets, type GatewayUnderTest } from '../service-under-test.ts'

let gateway: GatewayUnderTest
afterEach(() => gateway.close())

const open = async () => {
  gateway = await gatewayUnderTest()
  await gateway.runLoops()
}
const bob = { tenantId: 'bob-h1', secret: secrets.bob }
const room = { meetingID: 'room', name: 'Room' }

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
