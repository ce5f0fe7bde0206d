import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { given } from '@meetcoop/decider'
import type { Recording } from '@meetcoop/contracts/recording-storage'
import {
  isPlayable,
  recordingDecider,
  type Description,
  type RecordingCommand,
  type RecordingEvent,
} from './recording.ts'

const origin = { recordingId: 'r', tenantId: 't', memberId: 'm', placementId: 'p.1', nodeId: 'n' }
const recording: Recording = { ...origin, status: 'RECEIVED', locked: false, spaceBytes: 0 }
const kept: Recording = { ...recording, status: 'UNPUBLISHED', spaceBytes: 30 }
const shown: Recording = { ...kept, status: 'PUBLISHED' }
const file = (bytes: number) => ({ name: `${bytes}`, bytes, sha256: '' })
const description: Description = {
  name: 'Assembly',
  startedAtMs: 1,
  endedAtMs: 2,
  participants: 3,
  metadata: {},
  published: true,
  formats: [{ type: 'video', lengthMinutes: 1, files: [file(10), file(20)] }],
}

const hasReceived: RecordingEvent = { type: 'RecordingReceived', data: { recording }, kept: { externalMeetingId: 'e' } }
const hasStored: RecordingEvent = { type: 'RecordingStored', data: { recording: kept }, kept: description }
const published = (recording: Recording): RecordingEvent => ({ type: 'RecordingPublished', data: { recording } })
const withdrawn = (recording: Recording): RecordingEvent => ({ type: 'RecordingWithdrawn', data: { recording } })
const exhausted: RecordingEvent = {
  type: 'SpaceExhausted',
  data: { memberId: 'm', recordingId: 'r', neededBytes: 9, leftBytes: 4 },
}
const locked = withdrawn({ ...shown, locked: true })

const receive: RecordingCommand = { kind: 'receive', origin, externalMeetingId: 'e' }
const store: RecordingCommand = { kind: 'store', description }
const hidden: Description = { ...description, published: false }
const refuse: RecordingCommand = { kind: 'refuse', neededBytes: 9, leftBytes: 4 }
const [retry, lock, unlock] = [{ kind: 'retry' }, { kind: 'lock' }, { kind: 'unlock' }] as const

type Row = [string, RecordingEvent[], RecordingCommand, RecordingEvent[]]
const rules: Row[] = [
  ['a recording that is ready is received', [], receive, [hasReceived]],
  ['once, however often it is told', [hasReceived], receive, []],
  ['also after it was stored', [hasReceived, hasStored], receive, []],
  ['its bytes are here: stored and published', [hasReceived], store, [hasStored, published(shown)]],
  [
    'withdrawn on its node: stored only',
    [hasReceived],
    { kind: 'store', description: hidden },
    [{ ...hasStored, kept: hidden } as RecordingEvent],
  ],
  ['stored once', [hasReceived, hasStored, published(shown)], store, []],
  ['no room: refused', [hasReceived], refuse, [exhausted]],
  ['what is here is not refused', [hasReceived, hasStored], refuse, []],
  ['room again: received anew', [hasReceived, exhausted], retry, [hasReceived]],
  ['only a refused one is tried again', [hasReceived, hasStored], retry, []],
  ['a smaller tier locks it', [hasReceived, hasStored, published(shown)], lock, [locked]],
  ['locked once', [hasReceived, hasStored, published(shown), locked], lock, []],
  ['what is not here has nothing to lock', [hasReceived], lock, []],
  ['unlocked it is shown as before', [hasReceived, hasStored, published(shown), locked], unlock, [published(shown)]],
  [
    'unlocked it stays unpublished if it was',
    [hasReceived, hasStored, withdrawn({ ...kept, locked: true })],
    unlock,
    [withdrawn(kept)],
  ],
  ['not locked: nothing to unlock', [hasReceived, hasStored], unlock, []],
]

describe('recording', () => {
  test.each(rules)('%s', (_rule, past, command, then) => {
    expect(given(recordingDecider, past).when(command).then).toEqual(then)
  })

  test.each([store, refuse, retry, lock, unlock])('an unknown one takes no $kind', (command) => {
    expect(given(recordingDecider, []).when(command).then).toEqual({ refused: 'unknown-recording' })
  })

  test('a refused recording keeps what it needed, until it is tried again', () => {
    expect(given(recordingDecider, [hasReceived]).when(refuse).state).toMatchObject({
      neededBytes: 9,
      recording: { status: 'REFUSED' },
    })
    expect(given(recordingDecider, [hasReceived, exhausted]).when(retry).state.neededBytes).toBe(0)
  })

  test('whatever comes in whatever order, twice is once, and what is locked or not here does not play', () => {
    const commands = fc.array(fc.constantFrom(receive, store, refuse, retry, lock, unlock), { maxLength: 12 })
    fc.assert(
      fc.property(commands, (commands) => {
        const past: RecordingEvent[] = []
        for (const command of commands) {
          const { then } = given(recordingDecider, past).when(command)
          if ('refused' in then) continue
          past.push(...then)
          const again = given(recordingDecider, past).when(command)
          expect(again.then).toEqual([])
          const { recording, description } = again.state
          if (recording && isPlayable(recording))
            expect([recording.locked, description !== undefined]).toEqual([false, true])
        }
      }),
    )
  })
})
