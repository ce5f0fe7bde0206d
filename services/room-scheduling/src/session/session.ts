import type { Fact } from '@meetcoop/contracts'
import type { Decider, Refusal } from '@meetcoop/decider'

/** A meeting of a room, from its start to its end. */
export type Session = {
  sessionId: string
  roomId: string
  memberId: string
  /** createTime of the meeting: tells it from an earlier or later one of the same room. */
  createdAtMs: number
  startedAtMs: number
  /** When the member's longest session is over; 0 if it has no end. */
  cutOffAtMs: number
  /** 0 until it has ended. */
  endedAtMs: number
  cutOff: boolean
}

export type SessionState = { session?: Session }

export type SessionCommand =
  /** What a meeting's event tells, all of it: an end may come before its start. */
  { kind: 'observe'; seen: Omit<Session, 'cutOff'> } | { kind: 'cut-off'; nowMs: number }

/** `kept` goes into the state and, being beside `data`, never onto the bus. */
export type SessionEvent =
  | (Fact<'SessionStarted'> & { kept: { memberId: string; createdAtMs: number } })
  | Fact<'SessionEnded' | 'SessionCutOff'>

export const sessionDecider: Decider<SessionState, SessionCommand, SessionEvent> = { initial: {}, decide, evolve }

function decide({ session }: SessionState, command: SessionCommand): readonly SessionEvent[] | Refusal {
  if (command.kind === 'observe') return [...started(session, command.seen), ...ended(session, command.seen)]
  if (!session) return { refused: 'unknown-session' }
  if (session.endedAtMs > 0 || session.cutOff) return []
  if (session.cutOffAtMs === 0 || command.nowMs < session.cutOffAtMs) return { refused: 'not-over-yet' }
  return [{ type: 'SessionCutOff', data: { sessionId: session.sessionId, roomId: session.roomId } }]
}

type Seen = Omit<Session, 'cutOff'>

function started(session: Session | undefined, seen: Seen): SessionEvent[] {
  if (session) return []
  const { sessionId, roomId, startedAtMs, cutOffAtMs, memberId, createdAtMs } = seen
  return [
    { type: 'SessionStarted', data: { sessionId, roomId, startedAtMs, cutOffAtMs }, kept: { memberId, createdAtMs } },
  ]
}

function ended(session: Session | undefined, { sessionId, roomId, endedAtMs }: Seen): SessionEvent[] {
  if (endedAtMs === 0 || (session && session.endedAtMs > 0)) return []
  return [{ type: 'SessionEnded', data: { sessionId, roomId, endedAtMs } }]
}

function evolve(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'SessionStarted':
      return { session: { ...event.data, ...event.kept, endedAtMs: 0, cutOff: false } }
    case 'SessionEnded':
      // Its clock has stopped.
      return { session: state.session && { ...state.session, endedAtMs: event.data.endedAtMs, cutOffAtMs: 0 } }
    case 'SessionCutOff':
      return { session: state.session && { ...state.session, cutOff: true } }
  }
}
