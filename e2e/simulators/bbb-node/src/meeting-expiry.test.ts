import { describe, expect, test } from '@jest/globals'
import { newParticipant } from './join.ts'
import { endReason, forgetLeavers } from './meeting-expiry.ts'
import { enter, isRunning, leave, openMeeting } from './meeting.ts'
import type { Meeting, MeetingTerms, Role } from './meeting.ts'

const terms: MeetingTerms = {
  meetingID: 'room-1',
  name: 'Room',
  attendeePW: 'ap',
  moderatorPW: 'mp',
  voiceBridge: '71234',
  dialNumber: '',
  durationMinutes: 0,
  maxParticipants: 0,
  guestPolicy: 'ALWAYS_ACCEPT',
  record: false,
  autoStartRecording: false,
  allowStartStopRecording: true,
  expireIfNoUserJoinedMinutes: 5,
  expireWhenLastUserLeftMinutes: 1,
  endWhenNoModerator: false,
  endWhenNoModeratorDelayMinutes: 1,
  isBreakout: false,
  parentMeetingID: 'bbb-none',
  sequence: 0,
  freeJoin: false,
  logoutUrl: undefined,
  meetingEndedUrl: undefined,
  metadata: {},
}

type Step = [atMinute: number, who: Role, does: 'comes' | 'goes']

const played = (steps: readonly Step[], changed: Partial<MeetingTerms>): Meeting => {
  const meeting = openMeeting({ ...terms, ...changed }, 0)
  const people = { MODERATOR: newParticipant('Mo', 'MODERATOR'), VIEWER: newParticipant('Vi', 'VIEWER') }
  for (const [atMinute, who, does] of steps) {
    if (does === 'comes') enter(meeting, people[who])
    else leave(meeting, people[who], atMinute * 60_000)
  }
  return meeting
}

const come: Step = [1, 'VIEWER', 'comes']
const host: Step = [1, 'MODERATOR', 'comes']
const hostGoes: Step = [10, 'MODERATOR', 'goes']

describe('endReason', () => {
  test.each<[string, readonly Step[], Partial<MeetingTerms>, number, string | undefined]>([
    ['nobody came yet', [], {}, 4.9, undefined],
    ['nobody came', [], {}, 5, 'nobody came'],
    ['nobody has to come', [], { expireIfNoUserJoinedMinutes: 0 }, 500, undefined],
    ['somebody is there', [come], {}, 500, undefined],
    ['the last just left', [come, [9, 'VIEWER', 'goes']], {}, 9.9, undefined],
    ['the last has left', [come, [9, 'VIEWER', 'goes']], {}, 10, 'everybody left'],
    ['the last left and came back', [come, [9, 'VIEWER', 'goes'], come], {}, 60, undefined],
    ['it may stay empty', [come, [9, 'VIEWER', 'goes']], { expireWhenLastUserLeftMinutes: 0 }, 500, undefined],
    ['its time is not up', [come], { durationMinutes: 30 }, 29.9, undefined],
    ['its time is up', [come], { durationMinutes: 30 }, 30, 'time is up'],
    ['no moderator, and none needed', [come, host, hostGoes], {}, 60, undefined],
    ['no moderator any more', [come, host, hostGoes], { endWhenNoModerator: true }, 11, 'no moderator left'],
    ['no moderator for a moment', [come, host, hostGoes], { endWhenNoModerator: true }, 10.9, undefined],
    ['no moderator yet', [come], { endWhenNoModerator: true }, 60, undefined],
  ])('%s', (_what, steps, changed, atMinute, expected) =>
    expect(endReason(played(steps, changed), atMinute * 60_000)).toBe(expected),
  )
})

test('whoever left counts as running for a minute, then is forgotten', () => {
  const meeting = played([come, [9, 'VIEWER', 'goes']], {})
  forgetLeavers(meeting, 9.9 * 60_000)
  expect(isRunning(meeting)).toBe(true)
  forgetLeavers(meeting, 10 * 60_000)
  expect(isRunning(meeting)).toBe(false)
})

test.each<[string, Partial<MeetingTerms>, readonly Step[], boolean]>([
  ['not recorded', {}, [host], false],
  ['recorded, a moderator presses record', { record: true }, [host], true],
  ['recorded, only viewers', { record: true }, [come], false],
  ['recorded from the start', { record: true, autoStartRecording: true }, [come], true],
  ['nobody may press record', { record: true, allowStartStopRecording: false }, [host], false],
  ['nobody came', { record: true, autoStartRecording: true }, [], false],
])('recording marks: %s', (_what, changed, steps, expected) =>
  expect(played(steps, changed).recordingMarks).toBe(expected),
)

test('a moderator lets in whoever waits', () => {
  const meeting = openMeeting({ ...terms, guestPolicy: 'ASK_MODERATOR' }, 0)
  enter(meeting, { ...newParticipant('Gus', 'VIEWER'), guest: true, waiting: true })
  expect(isRunning(meeting)).toBe(false)
  enter(meeting, newParticipant('Mo', 'MODERATOR'))
  expect([...meeting.participants.values()].map(({ waiting }) => waiting)).toEqual([false, false])
  expect(meeting.joinCount).toBe(2)
})
