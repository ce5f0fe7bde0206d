import { expect, test } from '@jest/globals'
import { parseXml } from '@meetcoop/bbb'
import { internalIdOf } from './meeting.ts'
import { byteRange } from './playback.ts'
import { recordingFiles } from './recording-files.ts'
import { isAskedFor, withMeta } from './recording.ts'
import type { Recording } from './recording.ts'

const recording: Recording = {
  recordID: internalIdOf('room-1', 1000),
  meetingID: 'room-1',
  name: 'Garden & <kitchen>',
  isBreakout: false,
  state: 'published',
  startTimeMs: 1000,
  endTimeMs: 61_000,
  participants: 3,
  metadata: { tenant: 'garden-north', meetingId: 'room-1' },
}

const everything = { meetingIDs: [], recordIDs: [], states: [], meta: {} }

test.each([
  ['no filter', {}, {}, true],
  ['its meeting', { meetingIDs: ['room-0', 'room-1'] }, {}, true],
  ['another meeting', { meetingIDs: ['room-2'] }, {}, false],
  ['a beginning of the meeting id', { meetingIDs: ['room'] }, {}, false],
  ['its id', { recordIDs: [recording.recordID] }, {}, true],
  ['a beginning of its id', { recordIDs: [recording.recordID.slice(0, 20)] }, {}, true],
  ['ids win over meetings', { recordIDs: ['x'], meetingIDs: ['room-1'] }, {}, false],
  ['unpublished, no filter', {}, { state: 'unpublished' }, true],
  ['deleted, no filter', {}, { state: 'deleted' }, false],
  ['processing, no filter', {}, { state: 'processing' }, false],
  ['deleted, any', { states: ['any'] }, { state: 'deleted' }, true],
  ['another state', { states: ['unpublished'] }, {}, false],
  ['exact metadata', { meta: { tenant: 'garden-north' } }, {}, true],
  ['metadata that begins', { meta: { tenant: 'garden%' } }, {}, true],
  ['metadata that ends', { meta: { tenant: '%north' } }, {}, true],
  ['metadata that contains', { meta: { tenant: '%n-n%' } }, {}, true],
  ['part of metadata', { meta: { tenant: 'garden' } }, {}, false],
  ['all of two', { meta: { tenant: 'garden%', other: 'x' } }, {}, false],
] as const)('getRecordings by %s', (_what, query, changed, expected) =>
  expect(isAskedFor({ ...recording, ...changed }, { ...everything, ...query })).toBe(expected),
)

test('an empty value removes metadata', () =>
  expect(withMeta(recording, { tenant: '', note: 'x' }).metadata).toEqual({ meetingId: 'room-1', note: 'x' }))

test('the size in metadata.xml is that of all files', () => {
  const { sizeBytes, files } = recordingFiles(recording, 'http://node')
  const metadata = parseXml(files.get('metadata.xml')?.bytes.toString() ?? '')
  expect([...files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(sizeBytes)
  expect(metadata).toMatchObject({
    root: 'recording',
    element: {
      id: recording.recordID,
      state: 'available',
      published: 'true',
      meeting: { '@externalId': 'room-1', '@name': 'Garden & <kitchen>', '@breakout': 'false' },
      playback: { format: ['video'], duration: '60000', size: String(sizeBytes) },
    },
  })
})

test.each([
  ['bytes=0-', { first: 0, last: 99 }],
  ['bytes=10-19', { first: 10, last: 19 }],
  ['bytes=90-500', { first: 90, last: 99 }],
  ['bytes=-10', { first: 90, last: 99 }],
  ['bytes=100-', undefined],
  ['bytes=-', undefined],
  ['bytes=1-2,4-5', undefined],
  [undefined, undefined],
])('of 100 bytes, %s', (header, expected) => expect(byteRange(header, 100)).toEqual(expected))
