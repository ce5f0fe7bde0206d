import { afterEach, expect, test } from '@jest/globals'
import { listIn } from '@meetcoop/bbb'
import { gatewayUnderTest, type GatewayUnderTest } from '../service-under-test.ts'

let gateway: GatewayUnderTest
afterEach(() => gateway.close())

const open = async () => {
  gateway = await gatewayUnderTest()
  await gateway.runLoops()
}

test('getRecordings lists what recording-storage has, in BBB’s form', async () => {
  await open()
  expect((await gateway.ask('getRecordings', {})).reply).toMatchObject({
    messageKey: 'noRecordings',
    body: { totalElements: '0' },
  })
  gateway.recordings.recordings.push({
    recording: {
      recordingId: 'r-1',
      tenantId: 'ann-h1',
      memberId: 'ann',
      placementId: 'p',
      nodeId: 'n',
      status: 'PUBLISHED',
      locked: false,
      spaceBytes: 5,
    },
    externalMeetingId: 'room',
    name: 'Room',
    startedAtMs: 1,
    endedAtMs: 60_001,
    participants: 2,
    metadata: { kept: 'yes', 'bbb-recording-ready-url': 'http://x' },
    formats: [{ type: 'presentation', url: 'http://recordings.test/p', lengthMinutes: 1, spaceBytes: 5 }],
  })
  const { reply, text } = await gateway.ask('getRecordings', {
    meetingID: 'room, two',
    state: 'any,published',
    limit: 500,
    offset: 0,
  })
  const [recording] = listIn(reply?.body, 'recordings', 'recording')
  expect(recording).toMatchObject({
    recordID: 'r-1',
    meetingID: 'room',
    state: 'published',
    published: 'true',
    metadata: { kept: 'yes' },
  })
  expect(text).toContain('<url>http://recordings.test/p</url>')
  expect(gateway.recordings.asked.at(-1)).toEqual({
    tenantId: 'ann-h1',
    recordingIds: [],
    externalMeetingIds: ['room', 'two'],
    statuses: ['RECEIVED', 'PUBLISHED', 'UNPUBLISHED', 'DELETED'],
    offset: 0,
    limit: 100,
  })
})
