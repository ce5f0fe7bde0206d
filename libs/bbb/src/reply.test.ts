import { expect, test } from '@jest/globals'
import { errorXml, parseReply, replyXml } from './reply.ts'
import { textOf, XmlRefused } from './xml.ts'

test('a refusal', () => {
  const xml = errorXml('checksumError', 'Checksums do not match')
  expect(xml).toBe(
    '<response><returncode>FAILED</returncode><messageKey>checksumError</messageKey><message>Checksums do not match</message></response>',
  )
  expect(parseReply(xml)).toMatchObject({
    returncode: 'FAILED',
    messageKey: 'checksumError',
    message: 'Checksums do not match',
  })
})

test('a refusal in the form of a list', () => {
  const xml =
    '<response><returncode>FAILED</returncode><errors><error><key>nonUniqueVoiceBridge</key><message>taken</message></error></errors></response>'
  expect(parseReply(xml)).toMatchObject({ returncode: 'FAILED', messageKey: 'nonUniqueVoiceBridge', message: 'taken' })
})

test('a success', () => {
  const reply = parseReply(replyXml({ running: true, messageKey: '' }))
  expect(reply).toMatchObject({ returncode: 'SUCCESS', messageKey: '' })
  expect(textOf(reply.body['running'])).toBe('true')
})

test.each(['<html></html>', '<response/>', '<response><returncode>MAYBE</returncode></response>', 'no'])(
  '%s is no reply',
  (xml) => expect(() => parseReply(xml)).toThrow(XmlRefused),
)
