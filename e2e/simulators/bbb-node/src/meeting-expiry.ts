import { presentIn } from './meeting.ts'
import type { Meeting } from './meeting.ts'

export type EndReason = 'ended by a moderator' | 'time is up' | 'nobody came' | 'everybody left' | 'no moderator left'

const minuteMs = 60_000
const leaverKeptMs = minuteMs

/** Why this meeting has to end now, if it has to. 0 minutes switch a rule off, as on a real node. */
export const endReason = (meeting: Meeting, nowMs: number): EndReason | undefined => {
  const overdue = (sinceMs: number, minutes: number) => minutes > 0 && nowMs - sinceMs >= minutes * minuteMs
  if (meeting.forciblyEnded) return 'ended by a moderator'
  if (overdue(meeting.createTimeMs, meeting.durationMinutes)) return 'time is up'
  if (meeting.joinCount === 0)
    return overdue(meeting.createTimeMs, meeting.expireIfNoUserJoinedMinutes) ? 'nobody came' : undefined
  if (presentIn(meeting).length === 0)
    return overdue(meeting.endTimeMs || meeting.createTimeMs, meeting.expireWhenLastUserLeftMinutes)
      ? 'everybody left'
      : undefined
  const since = meeting.noModeratorSinceMs
  if (meeting.endWhenNoModerator && since !== undefined && overdue(since, meeting.endWhenNoModeratorDelayMinutes))
    return 'no moderator left'
  return undefined
}

/** Takes whoever left more than a minute ago off the list. */
export const forgetLeavers = (meeting: Meeting, nowMs: number): void => {
  for (const { internalUserID, leftAtMs } of meeting.participants.values())
    if (leftAtMs !== undefined && nowMs - leftAtMs >= leaverKeptMs) meeting.participants.delete(internalUserID)
}
