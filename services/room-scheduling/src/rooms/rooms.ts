import type { Fact, Limit } from '@meetcoop/contracts'
import type { Decider, Refusal } from '@meetcoop/decider'

/** A room and its two links. Its name may be personal and its tokens open it: both stay in the store. */
export type Room = { roomId: string; name: string; hostToken: string; guestToken: string }

/** All rooms of one member, oldest first: as large as the rule that counts them. */
export type Rooms = {
  rooms: readonly Room[]
  /** How many were ever opened; an id is never used again. */
  opened: number
}

export type RoomsCommand =
  | { kind: 'open'; memberId: string; limit: Limit; name: string; hostToken: string; guestToken: string }
  | { kind: 'close'; memberId: string; roomId: string }

/** `kept` goes into the state and, being beside `data`, never onto the bus. */
export type RoomsEvent =
  (Fact<'RoomOpened'> & { kept: { name: string; hostToken: string; guestToken: string } }) | Fact<'RoomClosed'>

/** What "unlimited" comes to: keeps the document far below the store's bound. */
export const roomsMax = 500

export const roomsDecider: Decider<Rooms, RoomsCommand, RoomsEvent> = {
  initial: { rooms: [], opened: 0 },
  decide,
  evolve,
}

function decide({ rooms, opened }: Rooms, command: RoomsCommand): readonly RoomsEvent[] | Refusal {
  const { memberId } = command
  if (command.kind === 'close') {
    const { roomId } = command
    if (!rooms.some((room) => room.roomId === roomId)) return { refused: 'unknown-room' }
    return [{ type: 'RoomClosed', data: { roomId, memberId } }]
  }
  const { limit, name, hostToken, guestToken } = command
  if (rooms.length >= roomsMax)
    return { refused: 'too-many-rooms', detail: `${roomsMax} rooms are the most there can be` }
  if (limit !== 'unlimited' && rooms.length >= limit)
    return { refused: 'no-more-rooms', detail: `the member’s tier has room for ${limit}` }
  const roomId = `${memberId}-r${opened + 1}`
  return [{ type: 'RoomOpened', data: { roomId, memberId }, kept: { name, hostToken, guestToken } }]
}

function evolve({ rooms, opened }: Rooms, event: RoomsEvent): Rooms {
  const { roomId } = event.data
  if (event.type === 'RoomClosed') return { opened, rooms: rooms.filter((room) => room.roomId !== roomId) }
  return { opened: opened + 1, rooms: [...rooms, { roomId, ...event.kept }] }
}

/** Whether the member's rights cover the room. When they shrink the oldest rooms stay open; the others rest. */
export const isCovered = ({ rooms }: Rooms, roomId: string, limit: Limit): boolean =>
  limit === 'unlimited' || rooms.slice(0, limit).some((room) => room.roomId === roomId)
