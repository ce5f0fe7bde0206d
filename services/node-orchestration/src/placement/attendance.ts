import type { Usage } from './placement.ts'

/** Who is in a running meeting, summed up from samples. */
export type Attendance = Usage & { participants: number; sampledAtMs: number }

export const noAttendance = (nowMs: number): Attendance => ({
  participants: 0,
  sampledAtMs: nowMs,
  participantsPeak: 0,
  participantMinutes: 0,
})

/** Those counted before were there until now; time that ran backwards counts nothing. */
export function sample(before: Attendance, participants: number, nowMs: number): Attendance {
  const minutes = Math.max(0, nowMs - before.sampledAtMs) / 60_000
  return {
    participants,
    sampledAtMs: nowMs,
    participantsPeak: Math.max(before.participantsPeak, participants),
    participantMinutes: before.participantMinutes + before.participants * minutes,
  }
}

/** The sum when the meeting has ended: the last ones counted stayed until then. */
export function usageAt(attendance: Attendance, nowMs: number): Usage {
  const { participantsPeak, participantMinutes } = sample(attendance, attendance.participants, nowMs)
  return { participantsPeak, participantMinutes }
}
