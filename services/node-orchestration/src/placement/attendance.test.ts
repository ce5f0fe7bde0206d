import { expect, test } from '@jest/globals'
import { noAttendance, sample, usageAt } from './attendance.ts'

const minute = 60_000

test('participants count for the time until the next sample', () => {
  let attendance = noAttendance(0)
  attendance = sample(attendance, 4, 0)
  attendance = sample(attendance, 1, 10 * minute)
  expect(attendance).toMatchObject({ participantMinutes: 40, participantsPeak: 4, participants: 1 })
  expect(usageAt(attendance, 15 * minute)).toEqual({ participantMinutes: 45, participantsPeak: 4 })
})

test('a clock that runs backwards takes nothing away', () => {
  const attendance = sample(sample(noAttendance(minute), 3, minute), 3, 0)
  expect(attendance.participantMinutes).toBe(0)
})
