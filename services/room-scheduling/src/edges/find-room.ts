import { isCovered, type Room } from '../rooms/rooms.ts'
import { linkId, memberOf } from '../room-id.ts'
import type { Collections } from '../store.ts'

export type Opened = { room: Room; role: 'HOST' | 'GUEST' }

/** The room a join token opens, and as whom. A link to a room that was closed opens nothing. */
export async function roomOfToken({ links, rooms }: Collections, joinToken: string): Promise<Opened | undefined> {
  const link = (await links.get(linkId(joinToken)))?.state
  if (!link) return undefined
  // Only who has the token itself comes this far, so comparing tells nobody anything.
  const opened = (await rooms.get(link.memberId))?.state.rooms ?? []
  const room = opened.find(({ hostToken, guestToken }) => hostToken === joinToken || guestToken === joinToken)
  return room && { room, role: room.hostToken === joinToken ? 'HOST' : 'GUEST' }
}

export async function roomOfId({ rooms }: Collections, roomId: string): Promise<Room | undefined> {
  return (await rooms.get(memberOf(roomId)))?.state.rooms.find((room) => room.roomId === roomId)
}

/** Whether the member's rights cover the room now. */
export async function covered({ rooms, rights }: Collections, roomId: string): Promise<boolean> {
  const [opened, allowed] = await Promise.all([rooms.get(memberOf(roomId)), rights.get(memberOf(roomId))])
  return Boolean(opened && allowed && isCovered(opened.state, roomId, allowed.state.personalRooms))
}
