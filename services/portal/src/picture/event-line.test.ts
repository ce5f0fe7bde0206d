import { expect, test } from '@jest/globals'
import type { EventData, EventName, Fact } from '@meetcoop/contracts'
import { contribution, placement } from '../testing-peers.ts'
import { eventOf } from '../testing-portal.ts'
import { lineOf } from './event-line.ts'

const names = { tier: (id: string) => (id === 'micro-organisation' ? 'Micro-organisation' : id) }
const recording = { recordingId: 'r', tenantId: 't', memberId: 'm', placementId: 'p', nodeId: 'n' }

const rows: [string, Fact][] = [
  ['€21.00 a month, Micro-organisation', fact('ContributionStarted', { contribution: contribution('oc-1') })],
  [
    '¥500, basic',
    fact('ContributionEnded', {
      contribution: contribution('oc-1', { frequency: 'ONETIME', currency: 'JPY', amountMinor: 500, tierId: 'basic' }),
    }),
  ],
  ['Micro-organisation', fact('TierGranted', { memberId: 'm', tierId: 'micro-organisation' })],
  ['on node-1, recorded', fact('MeetingStarted', { placement: placement('a', { recorded: true }) })],
  [
    'on node-1, 4 at most, 213 participant minutes',
    fact('MeetingEnded', { placement: placement('a', { participantsPeak: 4, participantMinutes: 212.6 }) }),
  ],
  [
    'unpublished, locked, 1.5 MB',
    fact('RecordingWithdrawn', {
      recording: { ...recording, status: 'UNPUBLISHED', locked: true, spaceBytes: 1_500_000 },
    }),
  ],
  [
    '2 MB needed, 0.5 MB left',
    fact('SpaceExhausted', { memberId: 'm', recordingId: 'r', neededBytes: 2e6, leftBytes: 5e5 }),
  ],
  ['in eu', fact('NodeRegistered', { nodeId: 'node-1', region: 'eu' })],
  ['secret 2', fact('HostAccountOpened', { memberId: 'm', hostAccountId: 'm-h1', secretGeneration: 2 })],
  ['', fact('NodeLost', { nodeId: 'node-1' })],
]

function fact<N extends EventName>(type: N, data: EventData[N]): Fact {
  return { type, data } as unknown as Fact
}

test.each(rows)('“%s”', (what, fact) => {
  const event = eventOf('NodeLost', 'any', { nodeId: 'any' })
  expect(lineOf(event, fact, names).what).toBe(what)
})

test('an event outside any trace has none', () => {
  const event = eventOf('NodeLost', 'any', { nodeId: 'any' }, { traceparent: '' })
  expect(lineOf(event, fact('NodeLost', { nodeId: 'any' }), names).traceId).toBe('')
})
