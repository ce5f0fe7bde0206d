import { memberOf } from '../room-id.ts'
import type { Room } from '../rooms/rooms.ts'
import { noRooms, type Collections } from '../store.ts'

type Listing = { memberId: string; after: string; limit: number }

const membersPerPage = 100

/** Rooms of one member, or of all in order of member, oldest first, behind the room `after`. */
export async function pageOfRooms(rooms: Collections['rooms'], { memberId, after, limit }: Listing): Promise<Room[]> {
  const of = async (id: string) => (await rooms.get(id))?.state ?? noRooms
  const first = memberId || (after && memberOf(after))
  const found = first ? behind((await of(first)).rooms, after) : []
  let last = memberId ? undefined : first
  while (last !== undefined && found.length < limit) {
    const page = await rooms.page({ ...(last && { after: last }), limit: membersPerPage })
    for (const { state } of page) found.push(...state.rooms)
    last = page.length < membersPerPage ? undefined : page.at(-1)!.id
  }
  return found.slice(0, limit)
}

// Ids grow with each room, so this holds also where the room itself was closed meanwhile.
function behind(rooms: readonly Room[], after: string): Room[] {
  const number = (roomId: string) => Number(/-r(\d+)$/.exec(roomId)?.[1] ?? 0)
  return rooms.filter(({ roomId }) => number(roomId) > number(after))
}
