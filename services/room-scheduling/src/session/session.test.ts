import { describe, expect, test } from '@jest/globals'
import { given } from '@meetcoop/decider'
import { sessionDecider, type SessionCommand, type SessionEvent } from './session.ts'

const seen = {
  sessionId: 's',
  roomId: 'r',
  memberId: 'm',
  createdAtMs: 1,
  startedAtMs: 100,
  cutOffAtMs: 160,
  endedAtMs: 0,
}
const observe = (more: Partial<typeof seen> = {}): SessionCommand => ({ kind: 'observe', seen: { ...seen, ...more } })
const cutOffAt = (nowMs: number): SessionCommand => ({ kind: 'cut-off', nowMs })

const startedUntil = (cutOffAtMs: number): SessionEvent => ({
  type: 'SessionStarted',
  data: { sessionId: 's', roomId: 'r', startedAtMs: 100, cutOffAtMs },
  kept: { memberId: 'm', createdAtMs: 1 },
})
const started = startedUntil(160)
const ended: SessionEvent = { type: 'SessionEnded', data: { sessionId: 's', roomId: 'r', endedAtMs: 150 } }
const cutOff: SessionEvent = { type: 'SessionCutOff', data: { sessionId: 's', roomId: 'r' } }

type Row = [string, SessionEvent[], SessionCommand, unknown]
const rules: Row[] = [
  ['a meeting that runs starts a session', [], observe(), [started]],
  ['once', [started], observe(), []],
  ['its end ends it', [started], observe({ endedAtMs: 150 }), [ended]],
  ['once', [started, ended], observe({ endedAtMs: 150 }), []],
  [
    'an end that comes first tells the start too',
    [],
    observe({ endedAtMs: 150, cutOffAtMs: 0 }),
    [startedUntil(0), ended],
  ],
  ['and a start that comes late changes nothing', [startedUntil(0), ended], observe(), []],
  ['its time is over: cut off', [started], cutOffAt(160), [cutOff]],
  ['not a moment before', [started], cutOffAt(159), { refused: 'not-over-yet' }],
  ['never where time is unlimited', [startedUntil(0)], cutOffAt(1e9), { refused: 'not-over-yet' }],
  ['once', [started, cutOff], cutOffAt(161), []],
  ['not after its end', [started, ended], cutOffAt(161), []],
  ['what was cut off ends', [started, cutOff], observe({ endedAtMs: 150 }), [ended]],
  ['a session nobody saw is not cut off', [], cutOffAt(161), { refused: 'unknown-session' }],
]

describe('session', () => {
  test.each(rules)('%s', (_rule, past, command, then) =>
    expect(given(sessionDecider, past).when(command).then).toEqual(then),
  )

  test('start and end in either order come to the same', () => {
    const [first, last] = [observe(), observe({ endedAtMs: 150, cutOffAtMs: 0 })]
    const after = (...commands: SessionCommand[]) =>
      commands.reduce<SessionEvent[]>((past, command) => {
        const { then } = given(sessionDecider, past).when(command)
        return 'refused' in then ? past : [...past, ...then]
      }, [])
    const state = (past: SessionEvent[]) => past.reduce(sessionDecider.evolve, sessionDecider.initial)
    expect(state(after(first, last, first))).toEqual(state(after(last, first, last)))
  })
})
