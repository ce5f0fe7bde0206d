import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { opens, playbackToken } from './playback-token.ts'

const viewing = { tenantId: 't', recordingId: 'r' }
const token = playbackToken('key', viewing, 1_000)

test('a token opens its own recording until its time is over', () => {
  expect([0, 999, 1_000].map((nowMs) => opens('key', viewing, token, nowMs))).toEqual([true, true, false])
})

test.each([
  ['another tenant', 'key', { ...viewing, tenantId: 'u' }, token],
  ['another recording', 'key', { ...viewing, recordingId: 's' }, token],
  ['another key', 'other', viewing, token],
  ['a later end', 'key', viewing, token.replace('1000', '9000')],
  ['nothing', 'key', viewing, ''],
])('and not for %s', (_what, key, viewing, token) => expect(opens(key, viewing, token, 0)).toBe(false))

test('whatever is made up does not open', () => {
  fc.assert(fc.property(fc.string(), fc.nat(), (made, untilMs) => !opens('key', viewing, `${untilMs}.${made}`, 0)))
})
