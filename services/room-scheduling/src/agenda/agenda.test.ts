import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { given } from '@meetcoop/decider'
import { agendaDecider, bookingsMax, type AgendaCommand, type AgendaEvent } from './agenda.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const nowMs = Date.UTC(2026, 9, 10, 12)

/** A booking from so many hours after now. */
const booking = (from: number, until: number) => ({
  bookingId: `b${from}`,
  startsAtMs: nowMs + from * hourMs,
  endsAtMs: nowMs + until * hourMs,
})
const book = (from: number, until: number, sessionMinutes: number | 'unlimited' = 'unlimited'): AgendaCommand => ({
  kind: 'book',
  roomId: 'r',
  booking: booking(from, until),
  nowMs,
  sessionMinutes,
})
const booked = (from: number, until: number): AgendaEvent => ({
  type: 'SessionBooked',
  data: { roomId: 'r', ...booking(from, until) },
})
const cancelled: AgendaEvent = { type: 'SessionCancelled', data: { bookingId: 'b1', roomId: 'r' } }
const cancel: AgendaCommand = { kind: 'cancel', roomId: 'r', bookingId: 'b1' }

type Row = [string, AgendaEvent[], AgendaCommand, unknown]
const rules: Row[] = [
  ['a free hour is booked', [], book(1, 2), [booked(1, 2)]],
  ['a booking may begin as another ends', [booked(1, 2)], book(2, 3), [booked(2, 3)]],
  ['a booking may cross midnight', [], book(11, 13), [booked(11, 13)]],
  [
    'what overlaps across midnight is refused, and says with what',
    [booked(11, 13)],
    book(12.5, 14),
    { refused: 'already-booked', detail: 'from 2026-10-10T23:00:00.000Z until 2026-10-11T01:00:00.000Z' },
  ],
  ['so is what encloses another', [booked(2, 3)], book(1, 5), expect.objectContaining({ refused: 'already-booked' })],
  ['what was cancelled is free again', [booked(1, 2), cancelled], book(1, 2), [booked(1, 2)]],
  ['under way counts', [], book(-1, 1), [booked(-1, 1)]],
  ['over does not', [], book(-2, -1), { refused: 'in-the-past' }],
  ['no end before its start', [], book(2, 2), { refused: 'ends-before-it-starts' }],
  ['a whole day is the longest', [], book(1, 25), [booked(1, 25)]],
  ['and no longer', [], book(1, 25.1), { refused: 'longer-than-a-day' }],
  ['as long as the tier allows', [], book(1, 2, 60), [booked(1, 2)]],
  [
    'and no longer',
    [],
    book(1, 2.1, 60),
    { refused: 'longer-than-the-tier-allows', detail: 'a session may last 60 minutes' },
  ],
  ['not years ahead', [], book(401 * 24, 401 * 24 + 1), { refused: 'too-far-ahead', detail: 'at most 400 days' }],
  ['a booking is cancelled', [booked(1, 2)], cancel, [cancelled]],
  ['once', [booked(1, 2), cancelled], cancel, { refused: 'not-booked' }],
]

describe('agenda of a room', () => {
  test.each(rules)('%s', (_rule, past, command, then) =>
    expect(given(agendaDecider, past).when(command).then).toEqual(then),
  )

  test('a full agenda forgets what is long past, and else takes no more', () => {
    const full = (from: number) => Array.from({ length: bookingsMax }, (_, n) => booked(from + n, from + n + 1))
    expect(given(agendaDecider, full(2)).when(book(1, 2)).then).toEqual({ refused: 'agenda-full' })
    const { state } = given(agendaDecider, full((-100 * dayMs) / hourMs)).when(book(1, 2))
    expect([state.bookings.length, state.bookings.at(-1)]).toEqual([bookingsMax, booking(1, 2)])
  })

  test('whatever is asked, no two bookings overlap', () => {
    const ask = fc.tuple(fc.integer({ min: -5, max: 100 }), fc.integer({ min: -2, max: 30 }))
    fc.assert(
      fc.property(fc.array(ask, { maxLength: 40 }), (asked) => {
        const past: AgendaEvent[] = []
        for (const [from, hours] of asked) {
          const { then, state } = given(agendaDecider, past).when(book(from, from + hours))
          if (!('refused' in then)) past.push(...then)
          const { bookings } = state
          for (const [n, each] of bookings.entries())
            expect(each.endsAtMs).toBeLessThanOrEqual(bookings[n + 1]?.startsAtMs ?? Infinity)
        }
      }),
    )
  })
})
