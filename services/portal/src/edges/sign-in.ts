import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sameSecret } from '@meetcoop/service'
import { sessionCookie } from './access.ts'
import { countAttempts } from './attempts.ts'
import type { Pages } from './pages.ts'
import { sessionHours, type Sessions } from './sessions.ts'

const form = z.object({ token: z.string().trim().min(1).max(1_000) })
const query = z.object({ to: z.string().max(300).optional() })

const wrong = 'That is not the operators’ token. Look for operatorToken in var/run/endpoints.json.'
const tooOften = 'Too many tries. Wait a minute, then try again.'

/** The page where operators sign in, and what its form sends to. */
export function signIn(app: FastifyInstance, pages: Pages, sessions: Sessions, operatorToken: string): void {
  const attempts = countAttempts()
  const asForm = { parseAs: 'string' as const, bodyLimit: 4_000 }
  app.addContentTypeParser('application/x-www-form-urlencoded', asForm, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  app.get('/sign-in', async (_request, reply) => pages.send(reply, 'sign-in'))
  app.post('/sign-in', async (request, reply) => {
    if (attempts.tooMany(request.ip))
      return pages.send(reply.code(429).header('retry-after', '60'), 'sign-in', tooOften)
    const given = form.safeParse(request.body)
    if (!given.success || !sameSecret(given.data.token, operatorToken)) {
      attempts.failed(request.ip)
      return pages.send(reply.code(401), 'sign-in', wrong)
    }
    setCookie(request, reply, sessions.open())
    return reply.redirect(whereTo(request), 303)
  })
  app.post('/sign-out', async (request, reply) => {
    sessions.end(request.cookies[sessionCookie])
    reply.clearCookie(sessionCookie, { path: '/' })
    return reply.redirect('/sign-in', 303)
  })
}

function setCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(sessionCookie, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: !isLoopback(request.hostname),
    maxAge: sessionHours * 3_600,
  })
}

// Browsers send a Secure cookie over plain HTTP to none but the machine they run on, and some not even there.
const isLoopback = (hostname: string) => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(hostname)

/** Back to the page that was asked for: one of ours, never another site's. */
function whereTo(request: FastifyRequest): string {
  const { to } = query.safeParse(request.query).data ?? {}
  return to && /^\/traces\/[0-9a-f]{32}$/.test(to) ? to : '/'
}
