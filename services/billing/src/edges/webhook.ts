import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { sameSecret, type House } from '@meetcoop/service'
import { currentTraceparent } from '@meetcoop/store'
import type { Metrics } from '../metrics.ts'
import type { Pruning } from './prune.ts'
import type { Collections, InboxRow } from '../store.ts'

const bodyBytesMax = 65_536
const graphqlIntMax = 2_147_483_647

// Unsigned, and anybody's: it is a doorbell. Only whom to ask about is read from it.
const webhook = z.object({
  id: z.int().positive(),
  type: z.string().min(1).max(200),
  CollectiveId: z.int().nullish(),
  data: z.record(z.string(), z.unknown()),
})
const withOrder = z.object({ order: z.object({ id: z.int().positive().max(graphqlIntMax) }) })

type Needs = { house: House; collections: Collections; room: Pruning; metrics: Metrics; wake(): void }

/** Takes OpenCollective's webhooks: 200 once the inbox holds it, which is all that happens to a repeated one. */
export function webhookEdge(app: FastifyInstance, { house, collections, room, metrics, wake }: Needs): void {
  app.post<{ Params: { path: string } }>('/webhooks/opencollective/:path', {
    bodyLimit: bodyBytesMax,
    onRequest: async (request, reply) => {
      if (sameSecret(request.params.path, house.secrets.webhookPath)) return
      metrics.webhooks.inc({ outcome: 'wrong-path' })
      return reply.code(404).send({ error: 'there is nothing here' })
    },
    handler: async (request, reply) => {
      const read = webhook.safeParse(request.body)
      if (!read.success) {
        metrics.webhooks.inc({ outcome: 'malformed' })
        return reply.code(400).send({ error: `this is no webhook of OpenCollective: ${z.prettifyError(read.error)}` })
      }
      // It comes only once: but a sweep finds what it would have told.
      if (room.isFull()) {
        metrics.webhooks.inc({ outcome: 'no-room' })
        return reply.code(503).send({ error: 'the inbox is full; try again later' })
      }
      const hint = hintOf(read.data.data)
      const row: InboxRow = {
        hint,
        receivedAtMs: house.clock.nowMs(),
        waitingSinceMs: hint === 'none' ? null : Date.now(),
        traceparent: currentTraceparent(),
      }
      const fresh = await collections.inbox.write({ id: `webhook-${read.data.id}`, expectedVersion: 0, state: row })
      if (fresh) room.kept()
      metrics.webhooks.inc({ outcome: fresh ? 'kept' : 'repeated' })
      if (fresh && hint !== 'none') wake()
      return { received: read.data.id }
    },
  })
}

// Most types come with nothing at all, be it a refund or a failed charge; expenses and the like name no order.
function hintOf(data: Record<string, unknown>): InboxRow['hint'] {
  const read = withOrder.safeParse(data)
  if (read.success) return read.data.order.id
  return Object.keys(data).length === 0 ? 'all' : 'none'
}
