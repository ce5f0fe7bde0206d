import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { sameSecret } from './secrets.ts'
import { traceRequests } from './http-trace.ts'

type HttpOptions = {
  name: string
  log: Logger
  metrics: Registry
  /** Throws why the service can not do its work now. */
  ready(): Promise<void>
}

export const bodyBytesMax = 256_000
const requestTimeoutMs = 10_000
const connectionTimeoutMs = 30_000

/** The service's HTTP server with the pages that whoever runs it asks for: /healthz, /readyz, /metrics. */
export function createHttp({ name, log, metrics, ready }: HttpOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: connectionTimeoutMs,
    forceCloseConnections: 'idle',
    // Front ends write https://host/bigbluebutton//api/create, and the nginx before a BBB server lets them.
    routerOptions: { maxParamLength: 300, ignoreDuplicateSlashes: true },
  })
  traceRequests(app, name)
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) log.error({ error: error.message }, 'a request failed')
    return reply.code(status).send({ error: status >= 500 ? 'this did not work; try again' : error.message })
  })
  app.get('/healthz', async () => ({ status: 'alive', service: name }))
  app.get('/readyz', async (_request, reply) => {
    try {
      await ready()
      return { status: 'ready', service: name }
    } catch (error) {
      return reply.code(503).send({ status: 'not ready', service: name, why: (error as Error).message })
    }
  })
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()))
  return app
}

/** Whether the request bears the operators' token. */
export function isOperator(request: FastifyRequest, operatorToken: string): boolean {
  const [, given] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
  return given !== undefined && sameSecret(given, operatorToken)
}

/** Lets only operators through to the routes of this instance. */
export function operatorsOnly(app: FastifyInstance, operatorToken: string): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!isOperator(request, operatorToken))
      return reply.code(401).send({ error: 'this needs the operators’ token: Authorization: Bearer …' })
  })
}
