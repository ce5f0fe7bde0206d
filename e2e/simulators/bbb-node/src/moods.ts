import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { BbbNode } from './node.ts'

/** Makes requests slow, hanging, failing or garbled, as the sandbox asked. */
export const applyMoods = (app: FastifyInstance, node: BbbNode, closing: AbortSignal): void => {
  app.addHook('onRequest', async (request, reply) => {
    const { latencyMs, hang, fail, failRate } = node.behaviour.now()
    if (hang && node.hungSockets.hold(request.raw.socket)) return reply.hijack()
    if (latencyMs > 0) await wait(latencyMs, undefined, { signal: closing })
    // It may have crashed while this one waited.
    if (node.isCrashed()) {
      request.raw.socket.destroy()
      return reply.hijack()
    }
    if (fail === 'none' || Math.random() >= failRate) return
    if (fail === 'http500') return reply.code(500).type('text/html').send('<html><h1>Internal Server Error</h1></html>')
    return reply.type('text/xml').send('<response><returncode>SUCC')
  })
}
