import { describe, expect, test } from '@jest/globals'
import type { Rights } from '../memory/members.ts'
import { isCallbackParam, mayOpenRoom, nodeCreateParams, willBeRecorded } from './create-params.ts'

const free: Rights = { sessionMinutes: 'unlimited', personalRooms: 'unlimited', mayRecord: true }
const basic: Rights = { sessionMinutes: 60, personalRooms: 1, mayRecord: false }
const scoped = {
  meetingKey: 'key',
  parentMeetingKey: undefined,
  meetingEndedUrl: 'http://e',
  recordingReadyUrl: 'http://r',
}
const sent = (params: Record<string, string>, rights: Rights) =>
  nodeCreateParams(new Map(Object.entries(params)), { ...scoped, rights })

describe('what a node gets for a create', () => {
  test.each([
    [undefined, 60],
    ['0', 60],
    ['-5', 60],
    ['long', 60],
    ['30', '30'],
    ['60', '60'],
    ['61', 60],
    ['9'.repeat(20), 60],
  ])('a tier of 60 minutes makes a duration of %s one of %s', (duration, expected) => {
    expect(sent(duration === undefined ? {} : { duration }, basic)['duration']).toBe(expected)
  })

  test('an endless tier leaves the duration alone', () => {
    expect(sent({ duration: '600' }, free)['duration']).toBe('600')
    expect(sent({}, free)).not.toHaveProperty('duration')
  })

  test('nothing is recorded without space', () => {
    expect(sent({ record: 'true', autoStartRecording: 'true' }, basic)).toMatchObject({
      record: 'false',
      autoStartRecording: 'false',
    })
    expect(sent({ record: 'true' }, free)).toMatchObject({ record: 'true' })
    expect(willBeRecorded(new Map([['record', 'true']]), basic)).toBe(false)
    expect(willBeRecorded(new Map([['record', 'TRUE']]), free)).toBe(true)
  })

  test('the meeting has our name, our callbacks and all else of the tenant’s', () => {
    expect(
      sent({ meetingID: 'room', name: 'R', checksum: 'c', meta_a: '1', meetingEndedURL: 'http://evil' }, free),
    ).toEqual({
      name: 'R',
      meta_a: '1',
      meetingID: 'key',
      meetingEndedURL: 'http://e',
      'meta_bbb-recording-ready-url': 'http://r',
    })
  })

  test.each([
    'meetingEndedURL',
    'meta_endCallbackUrl',
    'meta_ENDCALLBACKURL',
    'meta_bbb-recording-ready-url',
    'meta_bn-recording-ready-url',
    'meta_canvas-recording-ready-url',
    'meta_analytics-callback-url',
  ])('%s is a callback', (name) => {
    expect(isCallbackParam(name)).toBe(true)
  })

  test.each(['logoutURL', 'meta_url', 'meta_bbb-origin', 'name'])('%s is none', (name) => {
    expect(isCallbackParam(name)).toBe(false)
  })

  test('rooms open as far as the tier goes', () => {
    expect([mayOpenRoom(basic, 0), mayOpenRoom(basic, 1), mayOpenRoom(free, 500)]).toEqual([true, false, true])
  })
})
