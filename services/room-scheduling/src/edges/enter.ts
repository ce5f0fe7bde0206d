import type { Room } from '../rooms/rooms.ts'
import { memberOf } from '../room-id.ts'
import type { Collections } from '../store.ts'
import { covered, type Opened } from './find-room.ts'
import type { Gateway, Meeting } from './gateway.ts'

export type Entered = { joinUrl: string } | { waiting: true } | { refused: 'resting' | 'not-started' }

/**
 * Lets somebody in by nothing but a name. A host starts the room's meeting where it does not run; a guest waits for a
 * host. Throws if the gateway does not answer.
 */
export async function enter(
  collections: Collections,
  gateway: Gateway,
  { room, role }: Opened,
  fullName: string,
): Promise<Entered> {
  const meeting = role === 'HOST' ? await started(collections, gateway, room) : await gateway.look(room.roomId)
  if (meeting && 'refused' in meeting) return meeting
  if (!meeting || (role === 'GUEST' && !meeting.running)) return { waiting: true }
  const client = await gateway.clientFor(room.roomId)
  const joinUrl = client.joinUrl({
    meetingID: room.roomId,
    fullName,
    role: role === 'HOST' ? 'MODERATOR' : 'VIEWER',
    createTime: meeting.createTime || undefined,
  })
  return { joinUrl }
}

async function started(
  collections: Collections,
  gateway: Gateway,
  { roomId, name }: Room,
): Promise<Meeting | Extract<Entered, { refused: string }>> {
  // Rights that shrank keep a room from being opened, never a meeting from going on.
  if (!(await covered(collections, roomId))) return (await gateway.look(roomId)) ?? { refused: 'resting' }
  const rights = (await collections.rights.get(memberOf(roomId)))?.state
  const client = await gateway.clientFor(roomId)
  const reply = await client.create({
    meetingID: roomId,
    name,
    // A host decides in the meeting whether to record, and everybody is told.
    record: (rights?.recordingSpaceBytes ?? 0) > 0,
    notifyRecordingIsOn: true,
  })
  return reply.returncode === 'SUCCESS' ? gateway.meetingIn(reply) : { refused: 'not-started' }
}
