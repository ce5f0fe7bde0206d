// The control API: what contributors and the world outside do, on request.
import type { FastifyInstance, FastifyReply } from 'fastify'
import { behaviourSchema } from './behaviour.ts'
import type { Behaviour } from './behaviour.ts'
import { refund } from './charges.ts'
import { contribute } from './contribute.ts'
import type { Wish } from './contribute.ts'
import { limits } from './model.ts'
import type { Activity, Order } from './model.ts'
import { cancel, change, dispute, pause, receive, resume } from './orders.ts'
import type { Change } from './orders.ts'
import { orderSummary, overview, waitForOutcomes } from './overview.ts'
import { isRefusal } from './refusal.ts'
import type { Refusal } from './refusal.ts'
import type { Sandbox } from './sandbox.ts'

type OrderParams = { Params: { legacyId: number }; Querystring: { waitMs: number } }

const termsProperties = {
  tierSlug: { type: 'string', maxLength: 100 },
  tierId: { type: 'integer' },
  amountMinor: { type: 'integer', minimum: 0, maximum: 100_000_000 },
  frequency: { enum: ['MONTHLY', 'YEARLY', 'ONETIME'] },
} as const

const wishSchema = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    ...termsProperties,
    name: { type: 'string', minLength: 1, maxLength: 200 },
    email: { type: 'string', minLength: 3, maxLength: 254 },
    slug: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,99}$' },
    incognito: { type: 'boolean' },
    organisation: { type: 'boolean' },
    pending: { type: 'boolean' },
  },
} as const
const changeSchema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: termsProperties,
} as const
const orderParams = { type: 'object', properties: { legacyId: { type: 'integer' } } } as const
const limitQuery = {
  type: 'object',
  properties: { limit: { type: 'integer', minimum: 1, maximum: limits.orders, default: 1_000 } },
} as const
/** How long a call waits for the webhooks' outcomes; after that it reports them as `sending`. */
const waitQuery = {
  type: 'object',
  properties: { waitMs: { type: 'integer', minimum: 0, maximum: 30_000, default: 5_000 } },
} as const

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

  app.get<{ Querystring: { limit: number } }>(
    '/sandbox/orders',
    { schema: { querystring: limitQuery } },
    (request, reply) => {
      sandbox.tick()
      return reply.send(overview(world, clock.nowMs(), request.query.limit))
    },
  )
  webhookRoutes(app, sandbox)
}

const cancelSchema = optional({ silent: { type: 'boolean' } })
/** The number of coming charges that fail: by default all six, which cancels; 0 makes the card work again. */
const failSchema = optional({ times: { type: 'integer', minimum: 0, maximum: 100 } })

function webhookRoutes(app: FastifyInstance, sandbox: Sandbox): void {
  const { world, deliveries } = sandbox

  app.post<{ Body: { url: string | null } }>('/sandbox/webhook', { schema: { body: urlSchema } }, (request, reply) => {
    const { url } = request.body
    if (url && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return badRequest(reply, 'url must be http or https')
    world.webhookUrl = url
    sandbox.changed()
    return reply.send({ url })
  })
  app.post<{ Body: Partial<Behaviour> }>(
    '/sandbox/behaviour',
    { schema: { body: behaviourSchema } },
    (request, reply) => reply.send(Object.assign(sandbox.behaviour, request.body)),
  )
  app.get('/sandbox/behaviour', (_, reply) => reply.send(sandbox.behaviour))
  app.get('/sandbox/webhooks', (_, reply) => reply.send({ url: world.webhookUrl, webhooks: deliveries }))

  app.post<{ Params: { id: number }; Querystring: { waitMs: number } }>(
    '/sandbox/webhooks/:id/resend',
    { schema: { params: { type: 'object', properties: { id: { type: 'integer' } } }, querystring: waitQuery } },
    async (request, reply) => {
      const { id } = request.params
      const activity = [...world.orders.values()].flatMap((order) => order.activities).find((one) => one.id === id)
      if (!activity) return reply.code(404).send({ error: `no activity ${id}` })
      const [webhook] = await waitForOutcomes(sandbox.publish([activity]), request.query.waitMs)
      return reply.send(webhook)
    },
  )
}

const urlSchema = {
  type: 'object',
  required: ['url'],
  additionalProperties: false,
  properties: { url: { type: 'string', nullable: true, maxLength: 255 } },
} as const

/** A body that may be left out. */
function optional(properties: object): object {
  return { anyOf: [{ type: 'null' }, { type: 'object', additionalProperties: false, properties }] }
}

function badRequest(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(400).send({ error })
}
