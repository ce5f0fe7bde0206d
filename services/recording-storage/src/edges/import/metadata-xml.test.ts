import { describe, expect, test } from '@jest/globals'
import { parseMetadata } from './metadata-xml.ts'

const xml = (inner = '', state = 'available') => `<?xml version="1.0"?>
<recording><id>r-1</id><state>${state}</state><published>true</published><start_time>1000</start_time><end_time>181000</end_time>
<participants>4</participants><meeting id="r-1" externalId="key" name="Plenary &amp; tea" breakout="false"/>
<meta><meetingId>key</meetingId><meetingName>Plenary</meetingName><bbb-recording-ready-url>http://x/secret</bbb-recording-ready-url><Topic>dues</Topic></meta>
<playback><format>video</format><link>http://n/</link><duration>180000</duration><size>91234</size></playback>${inner}</recording>`

describe('metadata.xml', () => {
  test('tells name, times, length and size, and keeps our own addresses to itself', () => {
    expect(parseMetadata(xml())).toEqual({
      recordingId: 'r-1',
      about: {
        name: 'Plenary & tea',
        published: true,
        startedAtMs: 1_000,
        endedAtMs: 181_000,
        participants: 4,
        metadata: { meetingName: 'Plenary', Topic: 'dues' },
      },
      format: 'video',
      lengthMinutes: 3,
      folderBytes: 91_234,
    })
  })

  test('a recording withdrawn on its node is not published', () =>
    expect(parseMetadata(xml('', 'unpublished')).about.published).toBe(false))

  test.each([
    ['a DOCTYPE', '<!DOCTYPE recording [<!ENTITY e "x">]><recording/>'],
    ['another document', '<response/>'],
    ['no playback', '<recording><id>r-1</id></recording>'],
    ['too many bytes', xml(' '.repeat(300_000))],
    ['broken XML', '<recording>'],
  ])('%s is refused', (_why, bad) => expect(() => parseMetadata(bad)).toThrow())
})
