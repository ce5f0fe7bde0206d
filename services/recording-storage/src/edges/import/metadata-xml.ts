import { childOf, listIn, parseXml, textOf, XmlRefused, type XmlElement } from '@meetcoop/bbb'
import type { Description } from '../../recording/recording.ts'

/** A recording's metadata.xml: what BBB writes beside the files of a format. */
export type Metadata = {
  recordingId: string
  about: Omit<Description, 'formats'>
  format: string
  lengthMinutes: number
  /** Bytes of the format's folder on the node; undefined where it does not say. */
  folderBytes: number | undefined
}

export const metadataBytesMax = 256_000
const textMax = 1_000
const entriesMax = 100
// Addresses that we gave the node, bound to one meeting; and the node's own name of the meeting.
const ours = /(-recording-ready-url|^endcallbackurl|^analytics-callback-url|^meetingid)$/i
const shownStates = new Set(['published', 'available'])

/** Throws XmlRefused for XML that is broken, has a DOCTYPE, or is no recording's. */
export function parseMetadata(xml: string): Metadata {
  const { root, element: recording } = parseXml(xml, { maxBytes: metadataBytesMax })
  const [formatName] = listIn(recording, 'playback', 'format')
  if (root !== 'recording' || typeof recording !== 'object' || !formatName) throw new XmlRefused('not a recording')
  const playback = childOf(recording, 'playback')
  const field = (tag: string) => textOf((recording as XmlElement)[tag])
  const metadata = Object.entries(childOf(recording, 'meta'))
    .filter(([key]) => !ours.test(key))
    .slice(0, entriesMax)
    .map(([key, value]) => [key, textOf(value).slice(0, textMax)])
  return {
    recordingId: field('id'),
    about: {
      name: textOf(childOf(recording, 'meeting')['@name']).slice(0, textMax),
      published: shownStates.has(field('state')) && field('published') !== 'false',
      startedAtMs: wholeNumber(field('start_time')) ?? 0,
      endedAtMs: wholeNumber(field('end_time')) ?? 0,
      participants: wholeNumber(field('participants')) ?? 0,
      metadata: Object.fromEntries(metadata) as Record<string, string>,
    },
    format: textOf(formatName),
    lengthMinutes: Math.round((wholeNumber(textOf(playback['duration'])) ?? 0) / 60_000),
    folderBytes: wholeNumber(textOf(playback['size'])),
  }
}

const wholeNumber = (text: string): number | undefined => (/^\d{1,15}$/.test(text) ? Number(text) : undefined)
