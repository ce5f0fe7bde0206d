import { randomBytes } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Refusal } from '@meetcoop/decider'
import type { House } from '@meetcoop/service'

export type ById = { Params: { id: string } }

/** Every operator's command is a cause of its own. */
export const newCause = ({ clock }: House) => ({
  causeId: `operator:${randomBytes(8).toString('hex')}`,
  nowMs: clock.nowMs(),
})

export const malformed = (reply: FastifyReply, shape: string) => reply.code(400).send({ error: `send ${shape}` })
export const noRoom = (reply: FastifyReply, roomId: string) =>
  reply.code(404).send({ error: `there is no room ${roomId}` })
export const refuse = (reply: FastifyReply, { refused, detail }: Refusal) =>
  reply.code(409).send({ error: `${refused.replaceAll('-', ' ')}${detail ? `: ${detail}` : ''}`, reason: refused })
