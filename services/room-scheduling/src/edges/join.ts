import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import formbody from '@fastify/formbody'
import { z } from 'zod'
import type { House } from '@meetcoop/service'
import type { Collections } from '../store.ts'
import { countAttempts } from './attempts.ts'
import { enter, type Entered } from './enter.ts'
import { roomOfToken, type Opened } from './find-room.ts'
import type { Gateway } from './gateway.ts'
import { contentSecurityPolicy, joinPage, noticePage, waitingPage } from './join-page.ts'

type Joining = { house: House; collections: Collections; gateway: Gateway }
type Link = FastifyRequest<{ Params: { token: string } }>

const nameCookieSeconds = 3_600
const attempts = { max: 600, perMs: 10_000, keysMax: 10_000 }

// Control characters have no place in a name, and BBB refuses them.
const named = z.object({
  name: z
    .string()
    .transform((text) => text.replaceAll(/\p{C}/gu, '').trim())
    .pipe(z.string().min(1).max(64)),
})

const notices = {
  unknown: {
    status: 404,
    title: 'This link opens no room',
    advice: 'It may have been mistyped, or the room was closed. Ask whoever gave it to you for a new one.',
  },
  busy: {
    status: 429,
    title: 'Too many at once',
    advice: 'Very many people use this link right now. Wait a few seconds and try again.',
  },
  resting: {
    status: 409,
    title: 'This room rests',
    advice: 'Its owner’s membership does not cover it at the moment. Once it does again, the same link opens it.',
  },
  'not-started': {
    status: 503,
    title: 'The meeting could not begin',
    advice: 'No server can take it right now. Try again in a minute.',
  },
  outage: {
    status: 503,
    title: 'This did not work',
    advice: 'The meeting can not be reached right now. Try again in a minute.',
  },
} as const

/** Joining a room with a link and a name: pages for people, JSON for programs that ask for it. */
export async function join(app: FastifyInstance, { house, collections, gateway }: Joining): Promise<void> {
  await app.register(formbody)
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
  })
  const mayTry = countAttempts(attempts)
  const letIn = async (request: Link, reply: FastifyReply, opened: Opened, name: string) => {
    if (!mayTry(request.params.token, performance.now())) return notice(request, reply, 'busy')
    const entered = await enter(collections, gateway, opened, name).catch((error: Error) => {
      house.log.warn({ error: error.message }, 'somebody could not join')
      return 'outage' as const
    })
    if (entered === 'outage') return notice(request, reply, entered)
    return answer(request, reply, opened, name, entered)
  }

  app.get('/join/:token', async (request: Link, reply) => {
    const opened = await roomOfToken(collections, request.params.token)
    return opened ? form(request, reply, opened) : notice(request, reply, 'unknown')
  })
  app.post('/join/:token', async (request: Link, reply) => {
    const opened = await roomOfToken(collections, request.params.token)
    if (!opened) return notice(request, reply, 'unknown')
    const body = named.safeParse(request.body)
    if (body.success) return letIn(request, reply, opened, body.data.name)
    const problem = 'Please give a name of 1 to 64 letters.'
    return wantsJson(request)
      ? reply.code(400).send({ error: problem })
      : form(request, reply.code(400), opened, problem)
  })
  app.get('/join/:token/waiting', async (request: Link, reply) => {
    const opened = await roomOfToken(collections, request.params.token)
    if (!opened) return notice(request, reply, 'unknown')
    const body = named.safeParse({ name: nameIn(request) })
    return body.success ? letIn(request, reply, opened, body.data.name) : reply.redirect(here(request), 302)
  })
}

const here = ({ params }: Link) => `/join/${encodeURIComponent(params.token)}`
const wantsJson = ({ headers }: Link) => headers.accept?.includes('application/json') ?? false

function nameIn({ headers }: Link): string {
  const [, name = ''] = /(?:^|; )name=([\w-]{1,400})/.exec(headers.cookie ?? '') ?? []
  return Buffer.from(name, 'base64url').toString('utf8')
}

function form(request: Link, reply: FastifyReply, { room, role }: Opened, problem?: string): FastifyReply {
  const page = joinPage({
    roomName: room.name,
    host: role === 'HOST',
    action: here(request),
    name: nameIn(request),
    problem,
  })
  return html(reply, page)
}

function answer(request: Link, reply: FastifyReply, { room }: Opened, name: string, entered: Entered): FastifyReply {
  if ('refused' in entered) return notice(request, reply, entered.refused)
  if (wantsJson(request)) return 'waiting' in entered ? reply.code(202).send(entered) : reply.send(entered)
  if ('joinUrl' in entered) return reply.redirect(entered.joinUrl, 302)
  const cookie = `name=${Buffer.from(name).toString('base64url')}; Path=${here(request)}; Max-Age=${nameCookieSeconds}; HttpOnly; SameSite=Strict`
  const page = waitingPage(room.name, { look: `${here(request)}/waiting`, back: here(request) })
  return html(reply.header('set-cookie', cookie), page)
}

function notice(request: Link, reply: FastifyReply, what: keyof typeof notices): FastifyReply {
  const { status, title, advice } = notices[what]
  if (status === 429 || status === 503) reply.header('retry-after', '10')
  return wantsJson(request)
    ? reply.code(status).send({ error: `${title}. ${advice}` })
    : html(reply.code(status), noticePage(title, advice))
}

const html = (reply: FastifyReply, page: string) => reply.type('text/html; charset=utf-8').send(page)
