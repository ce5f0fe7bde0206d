import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import type { FastifyError, FastifyInstance } from 'fastify'
import { graphqlRoute } from './graphql-route.ts'
import type { Tier } from './model.ts'
import type { Clock } from './sandbox-clock.ts'
import { sandboxRoutes } from './sandbox-routes.ts'
import { openSandbox } from './sandbox.ts'

export type { Tier } from './model.ts'
export { sandboxClock } from './sandbox-clock.ts'
export type { Clock } from './sandbox-clock.ts'

const bodyBytes = 64 * 1024

/**
 * Starts a simulated OpenCollective with one collective: GraphQL v2, webhooks, and a control API under /sandbox/ that has
 * no password, so keep it on this machine. `token` is the personal token of the collective's admin. Port 0 picks a free
 * one. Without `stateFile` nothing outlives `close`, which takes less than a second and loses webhooks under way.
 */
export async function startOpenCollective(settings: {
  port: number
  host?: string
  token: string
  collectiveSlug: string
  tiers: Tier[]
  clock: Clock
  requestsPerMinute?: number
  stateFile?: string
  webhookUrl?: string
}): Promise<{ url: string; graphqlUrl: string; close(): Promise<void> }> {
  if (settings.tiers.length === 0) throw new Error('a collective needs at least one tier')
  const sandbox = openSandbox(settings)
  const app = Fastify({
    bodyLimit: bodyBytes,
    forceCloseConnections: true,
    ajv: { customOptions: { coerceTypes: true, removeAdditional: false } },
  })
  plainEdges(app)
  const page = readFileSync(new URL('page.html', import.meta.url))
  const script = readFileSync(new URL('page.js', import.meta.url))
  app.get('/', (_, reply) => reply.type('text/html; charset=utf-8').send(page))
  app.get('/page.js', (_, reply) => reply.type('text/javascript; charset=utf-8').send(script))
  graphqlRoute(app, sandbox, { token: settings.token, requestsPerMinute: settings.requestsPerMinute ?? 100 })
  sandboxRoutes(app, sandbox)
  const close = async (): Promise<void> => {
    await app.close()
    await sandbox.close()
  }
  try {
    const url = await app.listen({ port: settings.port, host: settings.host ?? '127.0.0.1' })
    return { url, graphqlUrl: `${url}/graphql/v2`, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Lets a JSON body be left out, and gives errors the shape that the rest of the answers have. */
function plainEdges(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    else void parseJson(request, body.toString(), done)
  })
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { statusCode = 500, message } = error
    const isApi = request.url.startsWith('/graphql')
    return reply.code(statusCode).send({ error: isApi ? { code: statusCode, message } : message })
  })
}
