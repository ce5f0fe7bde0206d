import { endReason, forgetLeavers } from './meeting-expiry.ts'
import type { EndReason } from './meeting-expiry.ts'
import { internalIdOf, openMeeting } from './meeting.ts'
import type { Meeting, MeetingTerms, Participant } from './meeting.ts'

export const maxMeetings = 10_000

export type Meetings = ReturnType<typeof createMeetings>

/** The meetings of one node, in memory only. onEnded hears of each that ends, but not of those a crash took. */
export const createMeetings = (onEnded: (meeting: Meeting, reason: EndReason, nowMs: number) => void) => {
  const byInternalId = new Map<string, Meeting>()
  const latestByMeetingId = new Map<string, Meeting>()

  const end = (meeting: Meeting, reason: EndReason, nowMs: number): void => {
    byInternalId.delete(meeting.internalMeetingID)
    if (latestByMeetingId.get(meeting.meetingID) === meeting) latestByMeetingId.delete(meeting.meetingID)
    for (const room of byInternalId.values())
      if (room.parentMeetingID === meeting.internalMeetingID) room.forciblyEnded = true
    onEnded(meeting, reason, nowMs)
  }

  return {
    /** External or internal id. A meeting that was just ended is still found, until the next tick. */
    find: (id: string): Meeting | undefined => latestByMeetingId.get(id) ?? byInternalId.get(id),
    all: (): Meeting[] => [...byInternalId.values()],
    isFull: (): boolean => byInternalId.size >= maxMeetings,
    open(terms: MeetingTerms, nowMs: number): Meeting {
      let createTimeMs = nowMs
      while (byInternalId.has(internalIdOf(terms.meetingID, createTimeMs))) createTimeMs += 1
      const meeting = openMeeting(terms, createTimeMs)
      byInternalId.set(meeting.internalMeetingID, meeting)
      latestByMeetingId.set(meeting.meetingID, meeting)
      return meeting
    },
    tick(nowMs: number): void {
      for (const meeting of [...byInternalId.values()]) {
        forgetLeavers(meeting, nowMs)
        const reason = endReason(meeting, nowMs)
        if (reason !== undefined) end(meeting, reason, nowMs)
      }
    },
    session(sessionToken: string): { meeting: Meeting; participant: Participant } | undefined {
      for (const meeting of byInternalId.values())
        for (const participant of meeting.participants.values())
          if (participant.sessionToken === sessionToken) return { meeting, participant }
      return undefined
    },
    loseAll(): void {
      byInternalId.clear()
      latestByMeetingId.clear()
    },
  }
}
