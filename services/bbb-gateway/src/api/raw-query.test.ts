import { expect, test } from '@jest/globals'
import { rawQueryOf, withParam } from './raw-query.ts'

test.each([
  ['', 'meetingID=key'],
  ['meetingID=a', 'meetingID=key'],
  ['fullName=A+B%20C&meetingID=a&x=', 'fullName=A+B%20C&x=&meetingID=key'],
  ['meetingID=a&meetingID=b&y=1', 'y=1&meetingID=key'],
  ['meeting%49D=a&y=1', 'y=1&meetingID=key'],
  ['meetingID&y=%zz&%zz=1', 'y=%zz&%zz=1&meetingID=key'],
  ['xmeetingID=a&&', 'xmeetingID=a&meetingID=key'],
])('%s becomes %s', (query, expected) => {
  expect(withParam(query, 'meetingID', 'key')).toBe(expected)
})

test('the raw query is what follows the first question mark', () => {
  expect(rawQueryOf('/join?a=1?2&b')).toBe('a=1?2&b')
  expect(rawQueryOf('/join')).toBe('')
})
