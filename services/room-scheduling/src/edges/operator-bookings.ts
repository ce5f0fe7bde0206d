import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { House } from '@meetcoop/service'
import { execute } from '@meetcoop/store'
import { agendaDecider } from '../agenda/agenda.ts'
import { memberOf } from '../room-id.ts'
import type { Collections } from '../store.ts'
import { roomOfId } from './find-room.ts'
import { malformed, newCause, noRoom, refuse, type ById } from './operator-replies.ts'

const booking = z.object({ startsAt: z.iso.datetime({ offset: true }), endsAt: z.iso.datetime({ offset: true }) })

/** A room's agenda, in operators' hands. */
export function bookings(app: FastifyInstance, house: House, collections: Collections): void {
  app.post<ById>('/operator/rooms/:id/bookings', async ({ params: { id: roomId }, body }, reply) => {
    const span = booking.safeParse(body)
    if (!span.success) return malformed(reply, '{"startsAt": ISO 8601 with zone, "endsAt": the same}')
    if (!(await roomOfId(collections, roomId))) return noRoom(reply, roomId)
    const bookingId = `booking-${randomBytes(8).toString('hex')}`
    const [startsAtMs, endsAtMs] = [Date.parse(span.data.startsAt), Date.parse(span.data.endsAt)]
    const { sessionMinutes } = (await collections.rights.get(memberOf(roomId)))?.state ?? { sessionMinutes: 0 }
    const cause = newCause(house)
    const booked = { bookingId, startsAtMs, endsAtMs }
    const command = { kind: 'book', roomId, booking: booked, nowMs: cause.nowMs, sessionMinutes } as const
    const done = await execute(collections.agendas, agendaDecider, { id: roomId, ...cause, command })
    return 'refused' in done ? refuse(reply, done) : reply.code(201).send({ bookingId, ...span.data })
  })

  app.delete<ById & { Params: { bookingId: string } }>(
    '/operator/rooms/:id/bookings/:bookingId',
    async ({ params: { id: roomId, bookingId } }, reply) => {
      const command = { kind: 'cancel', roomId, bookingId } as const
      const done = await execute(collections.agendas, agendaDecider, { id: roomId, ...newCause(house), command })
      return 'refused' in done
        ? reply.code(404).send({ error: `${roomId} has no booking ${bookingId}` })
        : { cancelled: bookingId }
    },
  )
}
