import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { given } from '@meetcoop/decider'
import { isCovered, roomsDecider, roomsMax, type RoomsCommand, type RoomsEvent } from './rooms.ts'

const kept = { name: 'Plenary', hostToken: 'h', guestToken: 'g' }
const open = (limit: number | 'unlimited'): RoomsCommand => ({ kind: 'open', memberId: 'm', limit, ...kept })
const close = (roomId: string): RoomsCommand => ({ kind: 'close', memberId: 'm', roomId })
const opened = (n: number): RoomsEvent => ({ type: 'RoomOpened', data: { roomId: `m-r${n}`, memberId: 'm' }, kept })
const closed = (n: number): RoomsEvent => ({ type: 'RoomClosed', data: { roomId: `m-r${n}`, memberId: 'm' } })
const many = Array.from({ length: roomsMax }, (_, n) => opened(n + 1))

type Row = [string, RoomsEvent[], RoomsCommand, unknown]
const rules: Row[] = [
  ['a basic user opens its one room', [], open(1), [opened(1)]],
  ['and no second one', [opened(1)], open(1), { refused: 'no-more-rooms', detail: 'the member’s tier has room for 1' }],
  ['until it closes the first; ids are not used again', [opened(1), closed(1)], open(1), [opened(2)]],
  ['a contributor opens as many as it likes', [opened(1), opened(2)], open('unlimited'), [opened(3)]],
  [
    'up to a bound',
    many,
    open('unlimited'),
    { refused: 'too-many-rooms', detail: '500 rooms are the most there can be' },
  ],
  ['a room is closed', [opened(1)], close('m-r1'), [closed(1)]],
  ['once', [opened(1), closed(1)], close('m-r1'), { refused: 'unknown-room' }],
  ['and nobody else’s', [opened(1)], close('x-r1'), { refused: 'unknown-room' }],
]

describe('rooms of a member', () => {
  test.each(rules)('%s', (_rule, past, command, then) =>
    expect(given(roomsDecider, past).when(command).then).toEqual(then),
  )

  test('when rights shrink the oldest rooms stay covered', () => {
    const { state } = given(roomsDecider, [opened(1), opened(2)]).when(open('unlimited'))
    const covered = (limit: number | 'unlimited') =>
      ['m-r1', 'm-r2', 'm-r3'].filter((id) => isCovered(state, id, limit))
    expect([covered(1), covered(0), covered('unlimited')]).toEqual([['m-r1'], [], ['m-r1', 'm-r2', 'm-r3']])
  })

  test('there are never more than allowed, and no two alike', () => {
    const commands = fc.array(
      fc.oneof(
        fc.constant(open(3)),
        fc.nat(8).map((n) => close(`m-r${n}`)),
      ),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(commands, (commands) => {
        const past: RoomsEvent[] = []
        for (const command of commands) {
          const { then, state } = given(roomsDecider, past).when(command)
          if (!('refused' in then)) past.push(...then)
          expect(state.rooms.length).toBeLessThanOrEqual(3)
          expect(new Set(state.rooms.map(({ roomId }) => roomId)).size).toBe(state.rooms.length)
        }
      }),
    )
  })
})
