import { childOf, listIn, textOf, type BbbReply, type WritableElement, type XmlElement } from '@meetcoop/bbb'
import { isCallbackParam } from './create-params.ts'

const createdTags = [
  'internalMeetingID',
  'parentMeetingID',
  'attendeePW',
  'moderatorPW',
  'createTime',
  'voiceBridge',
  'dialNumber',
  'createDate',
  'hasUserJoined',
  'duration',
  'hasBeenForciblyEnded',
]
const meetingTags = [
  'internalMeetingID',
  'createTime',
  'createDate',
  'voiceBridge',
  'dialNumber',
  'attendeePW',
  'moderatorPW',
  'running',
  'duration',
  'hasUserJoined',
  'recording',
  'hasBeenForciblyEnded',
  'startTime',
  'endTime',
  'participantCount',
  'listenerCount',
  'voiceParticipantCount',
  'videoCount',
  'maxUsers',
  'moderatorCount',
]
const breakoutTags = ['parentMeetingID', 'sequence', 'freeJoin']
const attendeeTags = [
  'userID',
  'fullName',
  'role',
  'isPresenter',
  'isListeningOnly',
  'hasJoinedVoice',
  'hasVideo',
  'clientType',
]

/** These elements' texts, in this order, whatever else the node sent. */
const pick = (from: XmlElement, tags: readonly string[]): WritableElement =>
  Object.fromEntries(tags.flatMap((tag) => (from[tag] === undefined ? [] : [[tag, textOf(from[tag])]])))

const keyName = /^[A-Za-z][A-Za-z0-9_-]*$/

/** Metadata under names that are fit for XML. */
const texts = (from: XmlElement, isOurs: (name: string) => boolean): WritableElement =>
  Object.fromEntries(
    Object.entries(from)
      .filter(([name]) => keyName.test(name) && !isOurs(name))
      .map(([name, value]) => [name, textOf(value)]),
  )

/** A tenant never sees the addresses by which nodes call us. */
export const tenantMetadata = (metadata: XmlElement): WritableElement =>
  texts(metadata, (name) => isCallbackParam(`meta_${name}`))

/** What create answers, under the tenant's own meeting id. */
export const createdReply = (reply: BbbReply, externalMeetingId: string): WritableElement => ({
  meetingID: externalMeetingId,
  ...pick(reply.body, createdTags),
  messageKey: reply.messageKey,
  message: reply.message,
})

/** What getMeetingInfo answers, and getMeetings for each, under the tenant's own meeting id. */
export const meetingReply = (meeting: XmlElement, externalMeetingId: string): WritableElement => {
  const rooms = childOf(meeting, 'breakoutRooms')['breakout']
  const breakouts = Array.isArray(rooms) ? rooms.map((room) => textOf(room)) : []
  return {
    meetingName: textOf(meeting['meetingName']),
    meetingID: externalMeetingId,
    ...pick(meeting, meetingTags),
    attendees: { attendee: listIn(meeting, 'attendees', 'attendee').map(attendeeReply) },
    metadata: tenantMetadata(childOf(meeting, 'metadata')),
    isBreakout: textOf(meeting['isBreakout']) || 'false',
    ...pick(meeting, breakoutTags),
    ...(breakouts.length > 0 ? { breakoutRooms: { breakout: breakouts } } : {}),
  }
}

const attendeeReply = (attendee: XmlElement): WritableElement => ({
  ...pick(attendee, attendeeTags),
  customdata: texts(childOf(attendee, 'customdata'), () => false),
})
