import type { FastifyInstance } from 'fastify'
import { orRefuse, type Access } from './access.ts'
import type { Live } from './live.ts'

/** GET /api/live: server-sent events for the dashboard and for programs. */
export function liveStream(app: FastifyInstance, live: Live, access: Access): void {
  app.get('/api/live', { onRequest: orRefuse(access) }, (request, reply) => {
    const { raw } = reply
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
    if (!live.watchers.add(raw, () => access.allows(request), live.first()))
      return reply.code(503).header('retry-after', '10').send({ error: 'too many watch already; close a dashboard' })
    reply.hijack()
    live.look()
  })
  // Before the server waits for open connections: these never end by themselves.
  app.addHook('preClose', async () => live.watchers.close())
}
