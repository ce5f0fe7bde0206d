import { RoomQueryServiceService, type RoomQueryServiceServer } from '@meetcoop/contracts/room-scheduling'
import { answer, QueryRefused, type Answering } from '@meetcoop/service'
import { touches } from '../agenda/agenda.ts'
import { memberOf } from '../room-id.ts'
import { isRunning, type Collections } from '../store.ts'
import { roomOfId, roomOfToken } from './find-room.ts'
import { pageOfRooms } from './list-rooms.ts'

const listedDefault = 100
const listedMax = 500
const spanMaxMs = 92 * 86_400_000

/** Answers about rooms and their agendas. */
export const queries = (collections: Collections): Answering =>
  answer<RoomQueryServiceServer>(RoomQueryServiceService, {
    listRooms: async ({ memberId, after, limit }) => {
      const atMost = Math.min(limit > 0 ? limit : listedDefault, listedMax)
      const rooms = await pageOfRooms(collections.rooms, { memberId, after, limit: atMost })
      const running = await Promise.all(rooms.map(({ roomId }) => isRunning(collections.sessions, roomId)))
      return { rooms: rooms.map(({ roomId }, n) => ({ roomId, memberId: memberOf(roomId), running: running[n]! })) }
    },
    getAgenda: async ({ roomId, fromMs, untilMs }) => {
      if (untilMs < fromMs || untilMs - fromMs > spanMaxMs)
        throw new QueryRefused('INVALID_ARGUMENT', 'ask for a span of at most 92 days')
      if (!(await roomOfId(collections, roomId))) throw new QueryRefused('NOT_FOUND', `there is no room ${roomId}`)
      const bookings = (await collections.agendas.get(roomId))?.state.bookings ?? []
      return { bookings: bookings.filter((booking) => touches(booking, fromMs, untilMs)) }
    },
    mayJoin: async ({ joinToken }) => {
      const opened = await roomOfToken(collections, joinToken)
      if (!opened) return { roomId: '', role: 'UNSPECIFIED', running: false }
      const { roomId } = opened.room
      return { roomId, role: opened.role, running: await isRunning(collections.sessions, roomId) }
    },
  })
