import { expect, test } from '@jest/globals'
import { signedUrl } from './signed-url.ts'
import { verifyChecksum } from './checksum.ts'

test.each([
  ['http://node/bigbluebutton/api', { meetingID: 'a b', guest: undefined }],
  ['http://node/bigbluebutton/api/', { meetingID: 'é&=+', duration: 5 }],
  ['http://node/bigbluebutton/api/', {}],
])('a URL at %s with %j carries its own proof', (apiUrl, params) => {
  const url = new URL(signedUrl(apiUrl, 'create', params, 'k'))
  expect(url.pathname).toBe('/bigbluebutton/api/create')
  expect(verifyChecksum('create', url.search.slice(1), ['k'])).toBe(true)
})
