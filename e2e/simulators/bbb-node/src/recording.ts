import { createHash } from 'node:crypto'
import type { Meeting } from './meeting.ts'

export type RecordingState = 'processing' | 'published' | 'unpublished' | 'deleted'

export type Recording = {
  /** Also the internal id of the meeting. */
  recordID: string
  meetingID: string
  name: string
  isBreakout: boolean
  state: RecordingState
  startTimeMs: number
  endTimeMs: number
  participants: number
  metadata: Record<string, string>
}

/** The recording of a meeting that has ended; undefined where nobody pressed record: BBB does not process those. */
export const recordingOf = (meeting: Meeting, endedMs: number): Recording | undefined =>
  meeting.recordingMarks
    ? {
        recordID: meeting.internalMeetingID,
        meetingID: meeting.meetingID,
        name: meeting.name,
        isBreakout: meeting.isBreakout,
        state: 'processing',
        startTimeMs: meeting.createTimeMs,
        endTimeMs: endedMs,
        participants: meeting.joinCount,
        metadata: {
          ...meeting.metadata,
          meetingId: meeting.meetingID,
          meetingName: meeting.name,
          isBreakout: String(meeting.isBreakout),
        },
      }
    : undefined

export type RecordingQuery = {
  meetingIDs: readonly string[]
  recordIDs: readonly string[]
  states: readonly string[]
  meta: Readonly<Record<string, string>>
}

const metaMatches = (value: string | undefined, wanted: string): boolean => {
  if (value === undefined) return false
  const [open, shut] = [wanted.startsWith('%'), wanted.length > 1 && wanted.endsWith('%')]
  const text = wanted.slice(open ? 1 : 0, shut ? -1 : undefined)
  if (open && shut) return value.includes(text)
  return open ? value.endsWith(text) : shut ? value.startsWith(text) : value === text
}

/** Whether getRecordings lists it: record ids match by prefix and win over meeting ids, meta filters all have to hold. */
export const isAskedFor = (recording: Recording, query: RecordingQuery): boolean => {
  const prefixes =
    query.recordIDs.length > 0
      ? query.recordIDs
      : query.meetingIDs.map((id) => `${createHash('sha1').update(id).digest('hex')}-`)
  const states = query.states.length > 0 ? query.states : ['published', 'unpublished']
  return (
    (prefixes.length === 0 || prefixes.some((prefix) => recording.recordID.startsWith(prefix))) &&
    (states.includes('any') || states.includes(recording.state)) &&
    Object.entries(query.meta).every(([key, wanted]) => metaMatches(recording.metadata[key], wanted))
  )
}

/** Sets metadata; an empty value removes its key. */
export const withMeta = (recording: Recording, meta: Readonly<Record<string, string>>): Recording => ({
  ...recording,
  metadata: Object.fromEntries(Object.entries({ ...recording.metadata, ...meta }).filter(([, value]) => value !== '')),
})
