import { setTimeout as wait } from 'node:timers/promises'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { BbbNode } from './node.ts'

const maxHung = 1000

/** Makes requests slow, hanging, failing or garbled, as the sandbox asked. Returns how to let go of those that hang. */
export const applyMoods = (app: FastifyInstance, node: BbbNode, closing: AbortSignal): (() => void) => {
  const hung = new Set<Socket>()
  app.addHook('onRequest', async (request, reply) => {
    const { latencyMs, hang, fail, failRate } = node.behaviour.now()
    const { socket } = request.raw
    if (hang && hung.size < maxHung) {
      hung.add(socket)
      socket.once('close', () => hung.delete(socket))
      return reply.hijack()
    }
    if (latencyMs > 0) await wait(latencyMs, undefined, { signal: closing })
    if (fail === 'none' || Math.random() >= failRate) return
    if (fail === 'http500') return reply.code(500).type('text/html').send('<html><h1>Internal Server Error</h1></html>')
    return reply.type('text/xml').send('<response><returncode>SUCC')
  })
  return () => hung.forEach((socket) => socket.destroy())
}
