// The control API: what contributors and the world outside do, on request.
import type { FastifyInstance } from 'fastify'
import { contribute } from './contribute.ts'
import type { Wish } from './contribute.ts'
import { limitQuery, waitQuery, wishSchema } from './control-schemas.ts'
import { orderRoutes } from './order-routes.ts'
import { overview, waitForOutcomes } from './overview.ts'
import { isRefusal } from './refusal.ts'
import type { Sandbox } from './sandbox.ts'
import { webhookRoutes } from './webhook-routes.ts'

export function sandboxRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  const { world, clock } = sandbox

  app.post<{ Body: Wish; Querystring: { waitMs: number } }>(
    '/sandbox/contributions',
    { schema: { body: wishSchema, querystring: waitQuery } },
    async (request, reply) => {
      sandbox.tick()
      const made = contribute(world, request.body, clock.nowMs())
      if (isRefusal(made)) return reply.code(409).send({ error: made.refused })
      const webhooks = await waitForOutcomes(sandbox.publish(made.activities), request.query.waitMs)
      const { legacyId, publicId, fromAccountId } = made.order
      return reply.code(201).send({ legacyId, publicId, fromAccountLegacyId: fromAccountId, webhooks })
    },
  )

  app.get<{ Querystring: { limit: number } }>(
    '/sandbox/orders',
    { schema: { querystring: limitQuery } },
    (request, reply) => {
      sandbox.tick()
      return reply.send(overview(world, clock.nowMs(), request.query.limit))
    },
  )
  orderRoutes(app, sandbox)
  webhookRoutes(app, sandbox)
}
