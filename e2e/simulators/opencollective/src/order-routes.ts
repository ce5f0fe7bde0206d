// The control API's part about one order: what its contributor, or the bank behind, does.
import type { FastifyInstance } from 'fastify'
import { refund } from './charges.ts'
import { cancelSchema, changeSchema, failSchema, orderParams, waitQuery } from './control-schemas.ts'
import type { Activity, Order } from './model.ts'
import { cancel, change, dispute, pause, receive, resume } from './orders.ts'
import type { Change } from './orders.ts'
import { orderSummary, waitForOutcomes } from './overview.ts'
import { isRefusal } from './refusal.ts'
import type { Refusal } from './refusal.ts'
import type { Sandbox } from './sandbox.ts'

type OrderParams = { Params: { legacyId: number }; Querystring: { waitMs: number } }

export function orderRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  const { world, clock } = sandbox

  const onOrder = <Body>(
    path: string,
    body: object | undefined,
    act: (order: Order, body: Body, nowMs: number) => Activity[] | Refusal,
  ): void => {
    const schema = { params: orderParams, querystring: waitQuery, ...(body ? { body } : {}) }
    app.post<OrderParams>(`/sandbox/orders/:legacyId/${path}`, { schema }, async (request, reply) => {
      sandbox.tick()
      const order = world.orders.get(request.params.legacyId)
      if (!order) return reply.code(404).send({ error: `no order ${request.params.legacyId}` })
      const happened = act(order, request.body as Body, clock.nowMs())
      if (isRefusal(happened)) return reply.code(409).send({ error: happened.refused })
      sandbox.changed()
      const webhooks = await waitForOutcomes(sandbox.publish(happened), request.query.waitMs)
      return reply.send({ ...orderSummary(world, order), webhooks })
    })
  }

  onOrder<Change>('change', changeSchema, (order, wish, nowMs) => change(world, order, wish, nowMs))
  onOrder('pause', undefined, (order, _, nowMs) => pause(world, order, nowMs))
  onOrder('resume', undefined, (order, _, nowMs) => resume(world, order, nowMs))
  onOrder('receive', undefined, (order, _, nowMs) => receive(world, order, nowMs))
  onOrder('dispute', undefined, (order, _, nowMs) => dispute(world, order, nowMs))
  onOrder('refund', undefined, (order, _, nowMs) => {
    const refunded = refund(world, order, nowMs)
    return refunded ? [refunded] : { refused: `order ${order.legacyId} has no charge left to refund` }
  })
  onOrder<{ silent?: boolean } | undefined>('cancel', cancelSchema, (order, body, nowMs) =>
    cancel(world, order, nowMs, body?.silent ?? false),
  )
  onOrder<{ times?: number } | undefined>('fail', failSchema, (order, body) => {
    order.failuresToCome = body?.times ?? 6
    return []
  })
}
