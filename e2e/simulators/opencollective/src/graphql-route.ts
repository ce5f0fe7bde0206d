// POST /graphql/v2 with OpenCollective's authentication, rate limit and error shapes.
import { createHash, timingSafeEqual } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerQuery } from './graphql.ts'
import type { GraphqlRequest } from './graphql.ts'
import { rateLimiter } from './rate-limit.ts'
import type { Sandbox } from './sandbox.ts'

const anonymousPerMinute = 10

const bodySchema = {
  type: 'object',
  required: ['query'],
  properties: {
    query: { type: 'string' },
    variables: { type: 'object', nullable: true },
    operationName: { type: 'string', nullable: true },
  },
} as const

export function graphqlRoute(
  app: FastifyInstance,
  sandbox: Sandbox,
  settings: { token: string; requestsPerMinute: number },
): void {
  const limit = rateLimiter()

  const enter = (request: FastifyRequest, reply: FastifyReply): { isAdmin: boolean } | null => {
    const given = tokenOf(request)
    if (given !== undefined && !sameSecret(given, settings.token)) {
      // The real API repeats the token in its message, a trap for whoever logs errors.
      const message = `Invalid Personal Token (Api Key): ${given}`
      void reply.code(401).send({ error: { code: 401, type: 'unauthorized', message } })
      return null
    }
    const isAdmin = given !== undefined
    const total = isAdmin ? settings.requestsPerMinute : anonymousPerMinute
    const { allowed, headers } = limit(isAdmin ? 'token' : `ip:${request.ip}`, total)
    void reply.headers(headers)
    if (allowed && sandbox.behaviour.api !== 'ratelimited') return { isAdmin }
    const advice = isAdmin ? 'Contact-us to get higher limits.' : 'Create a Personal Token to get higher limits.'
    void reply.code(429).send({ error: { message: `Rate limit exceeded. ${advice}` } })
    return null
  }

  app.post<{ Body: GraphqlRequest }>('/graphql/v2', { schema: { body: bodySchema } }, async (request, reply) => {
    const entered = enter(request, reply)
    if (!entered) return reply
    const { api, apiDelayMs } = sandbox.behaviour
    if (api === 'http500') {
      return reply.code(500).send({ error: { code: 500, message: 'Something went wrong' } })
    }
    if (api === 'slow') await wait(apiDelayMs, undefined, { ref: false })
    sandbox.tick()
    const reader = { ...entered, nowMs: sandbox.clock.nowMs(), showsNothing: api === 'empty' }
    const { httpStatus, result } = await answerQuery(sandbox.world, reader, request.body)
    return reply.code(httpStatus).send(result)
  })
}

function tokenOf(request: FastifyRequest): string | undefined {
  const given = request.headers['personal-token'] ?? request.headers['api-key']
  return typeof given === 'string' ? given : request.headers.authorization?.replace(/^Bearer /, '')
}

function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
