import type { Fact, Limit } from '@meetcoop/contracts'
import type { Booking } from '@meetcoop/contracts/room-scheduling'
import type { Decider, Refusal } from '@meetcoop/decider'

/**
 * A room's bookings in order of start. A booking may cross midnight, in any time zone, so days cannot be kept in
 * documents of their own without a write over two; one document is safe, and it is bounded: what is long past is
 * forgotten (the events remember it).
 */
export type Agenda = { bookings: readonly Booking[] }

export type AgendaCommand =
  | { kind: 'book'; roomId: string; booking: Booking; nowMs: number; sessionMinutes: Limit }
  | { kind: 'cancel'; roomId: string; bookingId: string }

export type AgendaEvent = Fact<'SessionBooked' | 'SessionCancelled'>

export const bookingsMax = 2_000
const dayMs = 86_400_000
/** As long as a question about an agenda may span. */
const rememberedMs = 92 * dayMs
const aheadMs = 400 * dayMs

export const agendaDecider: Decider<Agenda, AgendaCommand, AgendaEvent> = {
  initial: { bookings: [] },
  decide: (agenda, command) => (command.kind === 'book' ? book(agenda, command) : cancel(agenda, command)),
  evolve,
}

type Book = Extract<AgendaCommand, { kind: 'book' }>
type Cancel = Extract<AgendaCommand, { kind: 'cancel' }>

function book(
  { bookings }: Agenda,
  { roomId, booking, nowMs, sessionMinutes }: Book,
): readonly AgendaEvent[] | Refusal {
  const { startsAtMs, endsAtMs } = booking
  const lengthMs = endsAtMs - startsAtMs
  if (lengthMs <= 0) return { refused: 'ends-before-it-starts' }
  if (lengthMs > dayMs) return { refused: 'longer-than-a-day' }
  if (sessionMinutes !== 'unlimited' && lengthMs > sessionMinutes * 60_000)
    return { refused: 'longer-than-the-tier-allows', detail: `a session may last ${sessionMinutes} minutes` }
  if (endsAtMs <= nowMs) return { refused: 'in-the-past' }
  if (startsAtMs > nowMs + aheadMs) return { refused: 'too-far-ahead', detail: 'at most 400 days' }
  const other = bookings.find((each) => touches(each, startsAtMs, endsAtMs))
  if (other) return { refused: 'already-booked', detail: `from ${iso(other.startsAtMs)} until ${iso(other.endsAtMs)}` }
  if (bookings.length >= bookingsMax && bookings.every((each) => each.endsAtMs > nowMs - rememberedMs))
    return { refused: 'agenda-full' }
  return [{ type: 'SessionBooked', data: { roomId, ...booking } }]
}

function cancel({ bookings }: Agenda, { roomId, bookingId }: Cancel): readonly AgendaEvent[] | Refusal {
  if (!bookings.some((each) => each.bookingId === bookingId)) return { refused: 'not-booked' }
  return [{ type: 'SessionCancelled', data: { bookingId, roomId } }]
}

function evolve({ bookings }: Agenda, event: AgendaEvent): Agenda {
  const { bookingId } = event.data
  if (event.type === 'SessionCancelled') return { bookings: bookings.filter((each) => each.bookingId !== bookingId) }
  const { startsAtMs, endsAtMs } = event.data
  const inOrder = [...bookings, { bookingId, startsAtMs, endsAtMs }].sort((a, b) => a.startsAtMs - b.startsAtMs)
  // They do not overlap, so the first to start is the first to end.
  return { bookings: inOrder.slice(-bookingsMax) }
}

/** Whether the booking has a moment in common with the span; one may begin as another ends. */
export const touches = ({ startsAtMs, endsAtMs }: Booking, fromMs: number, untilMs: number): boolean =>
  startsAtMs < untilMs && fromMs < endsAtMs

const iso = (ms: number) => new Date(ms).toISOString()
