import type { Limit } from '@meetcoop/contracts'
import type { Collection, Store } from '@meetcoop/store'
import type { Agenda } from './agenda/agenda.ts'
import type { Rooms } from './rooms/rooms.ts'
import type { SessionState } from './session/session.ts'

/** What of a member's rights concerns rooms, as membership told it last. */
export type Rights = { personalRooms: Limit; sessionMinutes: Limit; recordingSpaceBytes: number }

/** Leads from a join token's digest to the member whose room it opens. Means nothing unless the room says the same. */
export type Link = { memberId: string }

export type Collections = {
  /** By member. */
  rooms: Collection<Rooms>
  links: Collection<Link>
  /** By room. */
  agendas: Collection<Agenda>
  sessions: Collection<SessionState>
  /** By member. */
  rights: Collection<Rights>
}

export const openCollections = async (store: Store): Promise<Collections> => ({
  rooms: await store.collection<Rooms>('rooms'),
  links: await store.collection<Link>('links'),
  agendas: await store.collection<Agenda>('agendas'),
  sessions: await store.collection<SessionState>('sessions', {
    due: ({ session }) => (session && !session.endedAtMs && !session.cutOff && session.cutOffAtMs) || null,
    running: ({ session }) => (session && !session.endedAtMs ? session.roomId : null),
  }),
  rights: await store.collection<Rights>('rights'),
})

export const noRooms: Rooms = { rooms: [], opened: 0 }

export const isRunning = async (sessions: Collections['sessions'], roomId: string): Promise<boolean> =>
  (await sessions.find('running', { from: roomId, to: roomId }, 1)).length > 0
