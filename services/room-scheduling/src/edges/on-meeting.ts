import { done, type Handlers, type Outcome } from '@meetcoop/bus'
import type { Placement } from '@meetcoop/contracts/node-orchestration'
import type { House } from '@meetcoop/service'
import { execute } from '@meetcoop/store'
import { meetingKeyOf, memberOfTenant } from '../room-id.ts'
import { sessionDecider } from '../session/session.ts'
import type { Collections, Rights } from '../store.ts'

type Told = { id: string; occurredAtMs: number; data: { placement: Placement | undefined } }

/** A meeting of a room has begun or is over. Meetings of host accounts, and those that never began, are passed over. */
export function onMeeting(house: House, collections: Collections): Handlers {
  const observe = (over: boolean) => (told: Told) => observed(house, collections, over, told)
  return { MeetingStarted: observe(false), MeetingEnded: observe(true), MeetingLost: observe(true) }
}

async function observed(
  { secrets, clock }: House,
  { rooms, sessions, rights }: Collections,
  over: boolean,
  { id, occurredAtMs, data: { placement } }: Told,
): Promise<Outcome> {
  const memberId = placement && memberOfTenant(placement.tenantId)
  if (!memberId || placement.startedAtMs === 0) return done
  const sessionId = placement.placementId.replaceAll('.', '-')
  const known = (await sessions.get(sessionId))?.state.session
  const opened = (await rooms.get(memberId))?.state.rooms ?? []
  const roomId =
    known?.roomId ??
    opened.find((room) => meetingKeyOf(secrets.callbackKey, room.roomId) === placement.meetingKey)?.roomId
  if (!roomId) return done
  const allowed = (await rights.get(memberId))?.state
  const seen = {
    sessionId,
    roomId,
    memberId,
    createdAtMs: Number(placement.internalMeetingId.slice(41)),
    startedAtMs: placement.startedAtMs,
    cutOffAtMs: over ? 0 : cutOffAtMs(placement.startedAtMs, allowed),
    endedAtMs: over ? placement.endedAtMs || occurredAtMs : 0,
  }
  const command = { kind: 'observe', seen } as const
  await execute(sessions, sessionDecider, { id: sessionId, causeId: id, command, nowMs: clock.nowMs() })
  return done
}

/** When a session that began then is over under these rights; 0 if it has no end. */
export const cutOffAtMs = (startedAtMs: number, rights: Rights | undefined): number =>
  !rights || rights.sessionMinutes === 'unlimited' ? 0 : startedAtMs + rights.sessionMinutes * 60_000
