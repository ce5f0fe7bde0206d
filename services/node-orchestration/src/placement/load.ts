/** A meeting as it weighs on its node. */
export type Weighing = { participants: number; ageMs: number }

const meetingWeight = 2
const seatsExpected = 20
const expectedForMs = 20 * 60_000

/**
 * How full a node is; lower is emptier. Each meeting weighs
 *
 *   2 + max(participants, 20 · (1 − age / 20 min))
 *
 * A meeting costs something even when empty (2), and a young one keeps seats for those who are about to come: 20 at
 * first, none after 20 minutes. Who has come sits on a kept seat, so nobody counts twice. The reservation counts from
 * the moment it is made, before any poll sees the meeting: a hundred creates at once spread evenly.
 */
export const loadOf = (meetings: readonly Weighing[]): number =>
  meetings.reduce((sum, meeting) => sum + meetingWeight + Math.max(meeting.participants, keptSeats(meeting.ageMs)), 0)

const keptSeats = (ageMs: number) => seatsExpected * Math.min(1, Math.max(0, 1 - ageMs / expectedForMs))
