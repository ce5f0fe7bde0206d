import type { FastifyInstance } from 'fastify'
import { operatorsOnly } from '@meetcoop/service'
import { parseOtlp } from '../traces/otlp.ts'
import type { Shelf } from '../traces/shelf.ts'
import { layOut } from '../traces/waterfall.ts'
import { orRefuse, orSignIn, type Access } from './access.ts'
import type { Pages } from './pages.ts'

const bodyBytesMax = 4_000_000

/** Where services send their spans: OTLP over HTTP, as JSON. */
export async function takeSpans(app: FastifyInstance, shelf: Shelf, operatorToken: string): Promise<void> {
  await app.register(async (app) => {
    operatorsOnly(app, operatorToken)
    app.post('/v1/traces', { bodyLimit: bodyBytesMax }, async (request, reply) => {
      const spans = parse(request.body)
      if (!spans) return reply.code(400).send({ error: 'this is not OTLP JSON: send an ExportTraceServiceRequest' })
      shelf.add(spans)
      return {}
    })
  })
}

type ByTrace = { Params: { id: string } }

/** A trace as data and as a page. */
export function showTraces(app: FastifyInstance, shelf: Shelf, pages: Pages, access: Access): void {
  app.get<ByTrace>('/api/traces/:id', { onRequest: orRefuse(access) }, async ({ params: { id } }, reply) => {
    const spans = shelf.get(id)
    if (!spans) return reply.code(404).send({ error: 'no such trace is kept; the last few hundred are' })
    return layOut(id, spans)
  })
  app.get<ByTrace>('/traces/:id', { onRequest: orSignIn(access) }, async (_request, reply) =>
    pages.send(reply, 'trace'),
  )
}

function parse(body: unknown) {
  try {
    return parseOtlp(body)
  } catch (error) {
    if ((error as Error).name === 'ZodError') return undefined
    throw error
  }
}
