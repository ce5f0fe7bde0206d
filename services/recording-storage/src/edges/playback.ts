import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyStatic from '@fastify/static'
import type { House } from '@meetcoop/service'
import { isPlayable, type RecordingState } from '../recording/recording.ts'
import type { Recordings } from '../store.ts'
import { contentTypes } from './import/formats.ts'
import { contentSecurityPolicy, playingPage, refusedPage } from './playback-page.ts'
import { opens, playbackToken, type Viewing } from './playback-token.ts'

type Playback = { house: House; recordings: Recordings; root: string }
type Watching = FastifyRequest<{ Params: { recordingId: string; file?: string }; Querystring: { token?: unknown } }>

/** Whoever came by a good link may watch on for so long; the link itself is good for 15 minutes. */
const watchingMs = 6 * 3_600_000

const refusals = {
  closed: {
    title: 'This link is no longer good',
    advice: 'Links to recordings are good for a short while. Open the recording again from where you found it.',
  },
  locked: {
    title: 'This recording is locked',
    advice:
      'It is kept safe, but it takes more space than its owner’s membership covers now. Once it does again, the recording plays as before.',
  },
  withdrawn: {
    title: 'This recording is not published',
    advice: 'Its owner has withdrawn it, or it is not ready yet.',
  },
  absent: { title: 'There is no such file', advice: 'Open the recording again from where you found it.' },
} as const

/** Recordings for those who hold a link. Each request is judged anew: a recording may be withdrawn while it is watched. */
export async function playback(app: FastifyInstance, { house, recordings, root }: Playback): Promise<void> {
  await app.register(fastifyStatic, { root, serve: false, contentType: false, cacheControl: false })
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'private, no-store',
      vary: 'accept',
    })
  })
  const admitted = async (request: Watching, reply: FastifyReply): Promise<Admitted | undefined> => {
    const { recordingId } = request.params
    const state = (await recordings.get(recordingId))?.state
    const viewing = { recordingId, tenantId: state?.recording?.tenantId ?? '' }
    if (!hasKey(house, viewing, request, reply) || !state) return void refuse(reply, 403, 'closed')
    if (state.recording?.locked) return void refuse(reply, 403, 'locked')
    if (!state.recording || !isPlayable(state.recording)) return void refuse(reply, 404, 'withdrawn')
    return state as Admitted
  }
  const send = (state: Admitted, name: string, reply: FastifyReply) => {
    const format = state.description.formats.find(({ files }) => files.some((file) => file.name === name))
    const type = contentTypes[name.slice(name.lastIndexOf('.') + 1)]
    if (!format || !type) return refuse(reply, 404, 'absent')
    return reply.type(type).sendFile(`${state.recording.recordingId}/${format.type}/${name}`)
  }
  app.get('/playback/:recordingId/', async (request: Watching, reply) => {
    const state = await admitted(request, reply)
    if (!state) return reply
    // A player that does not ask for a page gets the film itself.
    if (!request.headers.accept?.includes('text/html')) return send(state, filmOf(state), reply)
    return reply.type('text/html; charset=utf-8').send(pageOf(state, house, request))
  })
  app.get('/playback/:recordingId/:file', async (request: Watching, reply) => {
    const state = await admitted(request, reply)
    return state ? send(state, request.params.file ?? '', reply) : reply
  })
}

type Admitted = Required<RecordingState>

const filmOf = ({ description }: Admitted): string =>
  description.formats[0]?.files.find(({ name }) => contentTypes[name.slice(name.lastIndexOf('.') + 1)])?.name ?? ''

function pageOf(state: Admitted, { coop }: House, request: Watching): string {
  const { name, startedAtMs, formats } = state.description
  const token = tokenIn(request)
  const query = token ? `?token=${encodeURIComponent(token)}` : ''
  return playingPage({
    name,
    startedAtMs,
    lengthMinutes: formats[0]?.lengthMinutes ?? 0,
    file: `${filmOf(state)}${query}`,
    language: coop.language,
    timeZone: coop.timeZone,
  })
}

const tokenIn = ({ query }: Watching): string => (typeof query.token === 'string' ? query.token : '')

// A player asks for a film piece by piece for as long as it plays, so a good link leaves a cookie for this recording.
function hasKey(
  { secrets, clock, settings }: House,
  viewing: Viewing,
  request: Watching,
  reply: FastifyReply,
): boolean {
  const nowMs = clock.nowMs()
  const key = secrets.playbackKey
  const [, cookie = ''] = /(?:^|; )watching=([^;]+)/.exec(request.headers.cookie ?? '') ?? []
  if (opens(key, viewing, cookie, nowMs)) return true
  if (!opens(key, viewing, tokenIn(request), nowMs)) return false
  const secure = settings.URLS['recording-storage']?.startsWith('https:') ? '; Secure' : ''
  const path = `/playback/${viewing.recordingId}/`
  const value = playbackToken(key, viewing, nowMs + watchingMs)
  reply.header(
    'set-cookie',
    `watching=${value}; Path=${path}; Max-Age=${watchingMs / 1000}; HttpOnly; SameSite=Lax${secure}`,
  )
  return true
}

function refuse(reply: FastifyReply, status: number, why: keyof typeof refusals): FastifyReply {
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .send(refusedPage(refusals[why].title, refusals[why].advice))
}
