import type { WritableElement } from '@meetcoop/bbb'
import { isRunning, presentIn } from './meeting.ts'
import type { Meeting, Participant } from './meeting.ts'

/** As Java's Date prints it: `Thu Oct 09 08:53:20 UTC 2025`. */
const javaDate = (ms: number): string => {
  const [weekday, day, month, year, time] = new Date(ms).toUTCString().replace(',', '').split(' ')
  return `${weekday} ${month} ${day} ${time} UTC ${year}`
}

/** What create answers. */
export const createdXml = (meeting: Meeting): WritableElement => ({
  meetingID: meeting.meetingID,
  internalMeetingID: meeting.internalMeetingID,
  parentMeetingID: meeting.parentMeetingID,
  attendeePW: meeting.attendeePW,
  moderatorPW: meeting.moderatorPW,
  createTime: meeting.createTimeMs,
  voiceBridge: meeting.voiceBridge,
  dialNumber: meeting.dialNumber,
  createDate: javaDate(meeting.createTimeMs),
  hasUserJoined: meeting.joinCount > 0,
  duration: meeting.durationMinutes,
  hasBeenForciblyEnded: meeting.forciblyEnded,
})

const attendeeXml = (participant: Participant, isPresenter: boolean): WritableElement => ({
  userID: participant.userID,
  fullName: participant.fullName,
  role: participant.role,
  isPresenter,
  isListeningOnly: participant.listeningOnly,
  hasJoinedVoice: !participant.listeningOnly,
  hasVideo: participant.hasVideo,
  clientType: 'HTML5',
  customdata: {},
})

/** What getMeetingInfo answers, and getMeetings for each. The first moderator there presents. */
export const meetingXml = (meeting: Meeting, rooms: readonly Meeting[]): WritableElement => {
  const present = presentIn(meeting)
  const moderators = present.filter(({ role }) => role === 'MODERATOR')
  const presenter = moderators[0]
  const countOf = (isOne: (participant: Participant) => boolean) => present.filter(isOne).length
  return {
    meetingName: meeting.name,
    meetingID: meeting.meetingID,
    internalMeetingID: meeting.internalMeetingID,
    createTime: meeting.createTimeMs,
    createDate: javaDate(meeting.createTimeMs),
    voiceBridge: meeting.voiceBridge,
    dialNumber: meeting.dialNumber,
    attendeePW: meeting.attendeePW,
    moderatorPW: meeting.moderatorPW,
    running: isRunning(meeting),
    duration: meeting.durationMinutes,
    hasUserJoined: meeting.joinCount > 0,
    recording: meeting.record,
    hasBeenForciblyEnded: meeting.forciblyEnded,
    startTime: meeting.createTimeMs,
    endTime: meeting.endTimeMs,
    participantCount: present.length,
    listenerCount: countOf(({ listeningOnly }) => listeningOnly),
    voiceParticipantCount: countOf(({ listeningOnly }) => !listeningOnly),
    videoCount: countOf(({ hasVideo }) => hasVideo),
    maxUsers: meeting.maxParticipants,
    moderatorCount: moderators.length,
    attendees: { attendee: present.map((participant) => attendeeXml(participant, participant === presenter)) },
    metadata: meeting.metadata,
    isBreakout: meeting.isBreakout,
    ...(meeting.isBreakout
      ? { parentMeetingID: meeting.parentMeetingID, sequence: meeting.sequence, freeJoin: meeting.freeJoin }
      : {}),
    ...(rooms.length > 0
      ? { breakoutRooms: { breakout: rooms.map(({ internalMeetingID }) => internalMeetingID) } }
      : {}),
  }
}
