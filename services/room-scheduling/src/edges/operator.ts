import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { operatorsOnly, type House } from '@meetcoop/service'
import { execute } from '@meetcoop/store'
import { roomsDecider, type Room } from '../rooms/rooms.ts'
import { linkId, memberOf } from '../room-id.ts'
import { isRunning, type Collections } from '../store.ts'
import { roomOfId } from './find-room.ts'
import { bookings } from './operator-bookings.ts'
import { malformed, newCause, noRoom, refuse, type ById } from './operator-replies.ts'
import { pageOfRooms } from './list-rooms.ts'

const opening = z.object({ memberId: z.string().min(1).max(200), name: z.string().trim().min(2).max(100) })
const listing = z.object({ memberId: z.string().default(''), after: z.string().default('') })
const listedMax = 500

/** What operators do with rooms, for members. Every operator's command is a cause of its own. */
export async function operator(app: FastifyInstance, house: House, collections: Collections): Promise<void> {
  operatorsOnly(app, house.secrets.operatorToken)
  bookings(app, house, collections)
  const urls = linksFor(house.settings.URLS['room-scheduling'] ?? '')

  app.post('/operator/rooms', async (request, reply) => {
    const body = opening.safeParse(request.body)
    if (!body.success) return malformed(reply, '{"memberId": …, "name": 2 to 100 letters}')
    const { memberId } = body.data
    const rights = (await collections.rights.get(memberId))?.state
    if (!rights)
      return reply.code(404).send({ error: `no rights of ${memberId} are known; is it a member, just admitted?` })
    const tokens = { hostToken: newToken(), guestToken: newToken() }
    await addLinks(collections, memberId, Object.values(tokens))
    const command = { kind: 'open', ...body.data, ...tokens, limit: rights.personalRooms } as const
    const opened = await execute(collections.rooms, roomsDecider, { id: memberId, ...newCause(house), command })
    if ('refused' in opened) {
      await removeLinks(collections, Object.values(tokens))
      return refuse(reply, opened)
    }
    const room = opened.state.rooms.find(({ hostToken }) => hostToken === tokens.hostToken)
    return reply.code(201).send(room && { roomId: room.roomId, ...urls(room) })
  })

  app.get('/operator/rooms', async (request, reply) => {
    const query = listing.safeParse(request.query)
    if (!query.success) return malformed(reply, '?memberId=…&after=…')
    const rooms = await pageOfRooms(collections.rooms, { ...query.data, limit: listedMax })
    const running = await Promise.all(rooms.map(({ roomId }) => isRunning(collections.sessions, roomId)))
    return rooms.map((room, n) => {
      const { roomId, name } = room
      return { roomId, memberId: memberOf(roomId), name, running: running[n], ...urls(room) }
    })
  })

  app.delete<ById>('/operator/rooms/:id', async ({ params: { id: roomId } }, reply) => {
    const memberId = memberOf(roomId)
    const room = await roomOfId(collections, roomId)
    const command = { kind: 'close', memberId, roomId } as const
    const closed = await execute(collections.rooms, roomsDecider, { id: memberId, ...newCause(house), command })
    if ('refused' in closed || !room) return noRoom(reply, roomId)
    await removeLinks(collections, [room.hostToken, room.guestToken])
    return { closed: roomId }
  })
}

// 144 bits: nobody guesses a link.
const newToken = () => randomBytes(18).toString('base64url')
const linksFor =
  (origin: string) =>
  ({ hostToken, guestToken }: Room) => ({
    hostUrl: `${origin}/join/${hostToken}`,
    guestUrl: `${origin}/join/${guestToken}`,
  })

// Before the room: a link without a room opens nothing, a room without a link could not be entered.
async function addLinks({ links }: Collections, memberId: string, tokens: readonly string[]): Promise<void> {
  for (const token of tokens) await links.write({ id: linkId(token), expectedVersion: 0, state: { memberId } })
}

async function removeLinks({ links }: Collections, tokens: readonly string[]): Promise<void> {
  for (const token of tokens) await links.remove(linkId(token), 1)
}
