// The control API's part about webhooks: where they go, what became of them, and how the sandbox misbehaves.
import type { FastifyInstance, FastifyReply } from 'fastify'
import { behaviourSchema } from './behaviour.ts'
import type { Behaviour } from './behaviour.ts'
import { activityParams, urlSchema, waitQuery } from './control-schemas.ts'
import { waitForOutcomes } from './overview.ts'
import type { Sandbox } from './sandbox.ts'

export function webhookRoutes(app: FastifyInstance, sandbox: Sandbox): void {
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
    { schema: { params: activityParams, querystring: waitQuery } },
    async (request, reply) => {
      const { id } = request.params
      const activity = [...world.orders.values()].flatMap((order) => order.activities).find((one) => one.id === id)
      if (!activity) return reply.code(404).send({ error: `no activity ${id}` })
      const [webhook] = await waitForOutcomes(sandbox.publish([activity]), request.query.waitMs)
      return reply.send(webhook)
    },
  )
}

function badRequest(reply: FastifyReply, error: string): FastifyReply {
  return reply.code(400).send({ error })
}
