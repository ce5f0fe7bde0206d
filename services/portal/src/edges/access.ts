import type { FastifyReply, FastifyRequest } from 'fastify'
import { isOperator } from '@meetcoop/service'
import type { Sessions } from './sessions.ts'

export const sessionCookie = 'portal_session'

/** Who may see: whoever is signed in, and programs that bear the operators' token. */
export type Access = { allows(request: FastifyRequest): boolean }

export const openAccess = (sessions: Sessions, operatorToken: string): Access => ({
  allows: (request) => sessions.holds(request.cookies[sessionCookie]) || isOperator(request, operatorToken),
})

/** For data: 401 for whoever may not see it. */
export const orRefuse = (access: Access) => async (request: FastifyRequest, reply: FastifyReply) => {
  if (!access.allows(request))
    return reply.code(401).send({ error: 'sign in at /sign-in, or send Authorization: Bearer <the operators’ token>' })
}

/** For pages: whoever may not see one signs in first and comes back to it. */
export const orSignIn = (access: Access) => async (request: FastifyRequest, reply: FastifyReply) => {
  if (access.allows(request)) return
  const to = request.url === '/' ? '' : `?to=${encodeURIComponent(request.url)}`
  return reply.redirect(`/sign-in${to}`, 303)
}
