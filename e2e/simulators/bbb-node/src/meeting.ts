import { createHash } from 'node:crypto'

export type Role = 'MODERATOR' | 'VIEWER'
export type GuestPolicy = 'ALWAYS_ACCEPT' | 'ALWAYS_DENY' | 'ASK_MODERATOR' | 'ALWAYS_ACCEPT_AUTH'

export type Participant = {
  /** The node's own id, `w_…`; unlike userID it never repeats. */
  internalUserID: string
  userID: string
  sessionToken: string
  fullName: string
  role: Role
  bot: boolean
  guest: boolean
  /** In front of the door, until a moderator is there to ask. */
  waiting: boolean
  listeningOnly: boolean
  hasVideo: boolean
  leftAtMs: number | undefined
  /** Where the browser goes afterwards, if the join said so. */
  logoutUrl: string | undefined
}

/** What create fixed for the meeting's whole life. */
export type MeetingTerms = {
  meetingID: string
  name: string
  attendeePW: string
  moderatorPW: string
  voiceBridge: string
  dialNumber: string
  durationMinutes: number
  maxParticipants: number
  guestPolicy: GuestPolicy
  record: boolean
  autoStartRecording: boolean
  allowStartStopRecording: boolean
  expireIfNoUserJoinedMinutes: number
  expireWhenLastUserLeftMinutes: number
  endWhenNoModerator: boolean
  endWhenNoModeratorDelayMinutes: number
  isBreakout: boolean
  /** The parent's internal id; `bbb-none` for a meeting of its own. */
  parentMeetingID: string
  sequence: number
  freeJoin: boolean
  logoutUrl: string | undefined
  meetingEndedUrl: string | undefined
  metadata: Record<string, string>
}

export type Meeting = MeetingTerms & {
  internalMeetingID: string
  createTimeMs: number
  /** By internal user id; whoever left stays for a minute, as on a real node. */
  participants: Map<string, Participant>
  joinCount: number
  /** When the last participant left; 0 while somebody is there or nobody came yet. */
  endTimeMs: number
  /** Since when no moderator is there; undefined before the first and while one is. */
  noModeratorSinceMs: number | undefined
  forciblyEnded: boolean
  recordingMarks: boolean
  documents: string[]
  chat: { userName: string; message: string }[]
}

export const maxParticipantsHeld = 1000

/** BBB's id of one life of a meeting, and of its recording: sha1 of the external id, a dash, the time of creation. */
export const internalIdOf = (meetingID: string, createTimeMs: number): string =>
  `${createHash('sha1').update(meetingID).digest('hex')}-${createTimeMs}`

export const openMeeting = (terms: MeetingTerms, createTimeMs: number): Meeting => ({
  ...terms,
  internalMeetingID: internalIdOf(terms.meetingID, createTimeMs),
  createTimeMs,
  participants: new Map(),
  joinCount: 0,
  endTimeMs: 0,
  noModeratorSinceMs: undefined,
  forciblyEnded: false,
  recordingMarks: false,
  documents: [],
  chat: [],
})

export const presentIn = (meeting: Meeting): Participant[] =>
  [...meeting.participants.values()].filter(({ leftAtMs, waiting }) => leftAtMs === undefined && !waiting)

/** BBB calls a meeting running while its list of users is not empty, and that list keeps leavers for a while. */
export const isRunning = (meeting: Meeting): boolean =>
  !meeting.forciblyEnded && [...meeting.participants.values()].some(({ waiting }) => !waiting)

/** Lets a participant in, or back in. A moderator lets in whoever waits, and presses record where it takes that. */
export const enter = (meeting: Meeting, participant: Participant): void => {
  const isNew = !meeting.participants.has(participant.internalUserID)
  meeting.participants.set(participant.internalUserID, participant)
  participant.leftAtMs = undefined
  if (participant.waiting) return
  if (isNew) meeting.joinCount += 1
  meeting.endTimeMs = 0
  const moderates = participant.role === 'MODERATOR'
  if (moderates) {
    meeting.noModeratorSinceMs = undefined
    for (const guest of meeting.participants.values()) {
      if (guest.waiting) meeting.joinCount += 1
      guest.waiting = false
    }
  }
  if (meeting.record && (meeting.autoStartRecording || (moderates && meeting.allowStartStopRecording)))
    meeting.recordingMarks = true
}

export const leave = (meeting: Meeting, participant: Participant, nowMs: number): void => {
  if (participant.leftAtMs !== undefined) return
  participant.leftAtMs = nowMs
  const present = presentIn(meeting)
  if (present.length === 0) meeting.endTimeMs = nowMs
  if (participant.role === 'MODERATOR' && !present.some(({ role }) => role === 'MODERATOR'))
    meeting.noModeratorSinceMs = nowMs
}
