import { intParam, listIn, textOf, type BbbReply, type XmlElement } from '@meetcoop/bbb'

/** A meeting as its node tells it. */
export type SeenMeeting = {
  meetingId: string
  internalMeetingId: string
  participants: number
  recorded: boolean
}

/**
 * The meetings that go on, in a node's answer to getMeetings. Breakout rooms are left out: their people are in the
 * parent too. So are meetings that were ended: BBB lists them for some seconds more, but nobody can be in them.
 */
export const meetingsIn = (reply: BbbReply): SeenMeeting[] =>
  listIn(reply.body, 'meetings', 'meeting')
    .filter((meeting) => textOf(meeting['isBreakout']) !== 'true' && textOf(meeting['hasBeenForciblyEnded']) !== 'true')
    .map((meeting) => ({
      meetingId: textOf(meeting['meetingID']),
      internalMeetingId: textOf(meeting['internalMeetingID']),
      participants: Math.max(0, numberIn(meeting, 'participantCount')),
      recorded: textOf(meeting['recording']) === 'true',
    }))
    .filter(({ meetingId, internalMeetingId }) => meetingId !== '' && internalMeetingId !== '')

const numberIn = (element: XmlElement, tag: string): number =>
  intParam(new Map([[tag, textOf(element[tag])]]), tag) ?? 0
