import { expect, test } from '@jest/globals'
import type { Fact } from '@meetcoop/contracts'
import { given, isRefusal, type Decider } from './index.ts'

type Event = Fact<'RoomOpened' | 'RoomClosed'>
const opened: Event = { type: 'RoomOpened', data: { roomId: 'r1', memberId: 'm1' } }
const closed: Event = { type: 'RoomClosed', data: { roomId: 'r1', memberId: 'm1' } }

const door: Decider<'open' | 'closed', 'open' | 'close', Event> = {
  initial: 'closed',
  decide: (state, command) => {
    if (command === 'close') return state === 'closed' ? { refused: 'already-closed' } : [closed]
    return state === 'open' ? [] : [opened]
  },
  evolve: (_state, { type }) => (type === 'RoomOpened' ? 'open' : 'closed'),
}

test.each([
  ['a fact follows, and the state from it', [], 'open', [opened], 'open'],
  ['the past counts', [opened], 'close', [closed], 'closed'],
  ['nothing new is no fact', [opened], 'open', [], 'open'],
  ['a refusal changes nothing', [opened, closed], 'close', { refused: 'already-closed' }, 'closed'],
] as const)('%s', (_rule, past, command, then, state) => {
  expect(given(door, past).when(command)).toEqual({ then, state })
})

test('a refusal is told from facts', () => {
  expect([isRefusal({ refused: 'no' }), isRefusal([]), isRefusal([opened])]).toEqual([true, false, false])
})
