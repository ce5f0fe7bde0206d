import { expect, test } from '@jest/globals'
import { callbackTokenOf, isSignedFor, looksLikeMeetingKey, meetingKeyOf, readCallbackToken } from './meeting-ids.ts'

const key = 'callback-key-of-at-least-thirty-two-characters'
const meetingKey = meetingKeyOf(key, 'member-1-h1', 'room, ä')

test('a meeting key is one subject token, the tenant can be told from it and nothing else', () => {
  expect(meetingKey).toMatch(/^member-1-h1-[0-9a-f]{20}$/)
  expect(looksLikeMeetingKey(meetingKey)).toBe(true)
  expect(looksLikeMeetingKey('random-room')).toBe(false)
})

test('two tenants with the same meeting id do not meet', () => {
  expect(meetingKeyOf(key, 'member-1-h2', 'room, ä').slice(-20)).not.toBe(meetingKey.slice(-20))
})

test('a callback token is good for its placement and node only', () => {
  const placement = { placementId: `${meetingKey}.3`, nodeId: 'node-1' }
  const token = callbackTokenOf(key, placement)
  expect(readCallbackToken(token)).toEqual({ meetingKey, placementId: `${meetingKey}.3` })
  expect(isSignedFor(key, token, placement)).toBe(true)
  expect(isSignedFor(key, token, { ...placement, nodeId: 'node-2' })).toBe(false)
  expect(isSignedFor(key, token, { ...placement, placementId: `${meetingKey}.4` })).toBe(false)
  expect(isSignedFor(`${key}!`, token, placement)).toBe(false)
})

test.each(['', 'x', 'a.1', `a.1.${'g'.repeat(32)}`, `a.${'0'.repeat(32)}`])('%j is no callback token', (token) => {
  expect(readCallbackToken(token)).toBeUndefined()
})
