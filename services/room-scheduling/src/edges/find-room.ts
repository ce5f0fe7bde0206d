import { sameSecret } from '@meetcoop/service'
import { isCovered, type Room } from '../rooms/rooms.ts'
import { linkId, memberOf } from '../room-id.ts'
import type { Collections } from '../store.ts'

export type Opened = { room: Room; role: 'HOST' | 'GUEST' }

/** The room a join token opens, and as whom. A link to a room that was closed opens nothing. */
export async function roomOfToken({ links, rooms }: Collections, joinToken: string): Promise<Opened | undefined> {
  const link = (await links.get(linkId(joinToken)))?.state
  if (!link) return undefined
  for (const room of (await rooms.get(link.memberId))?.state.rooms ?? []) {
    if (sameSecret(joinToken, room.hostToken)) return { room, role: 'HOST' }
    if (sameSecret(joinToken, room.guestToken)) return { room, role: 'GUEST' }
  }
  return undefined
}

export async function roomOfId({ rooms }: Collections, roomId: string): Promise<Room | undefined> {
  return (await rooms.get(memberOf(roomId)))?.state.rooms.find((room) => room.roomId === roomId)
}

/** Whether the member's rights cover the room now. */
export async function covered({ rooms, rights }: Collections, roomId: string): Promise<boolean> {
  const [opened, allowed] = await Promise.all([rooms.get(memberOf(roomId)), rights.get(memberOf(roomId))])
  return Boolean(opened && allowed && isCovered(opened.state, roomId, allowed.state.personalRooms))
}
