import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { enter, leave } from './meeting.ts'
import type { BbbNode } from './node.ts'
import { headcount, meetingPage, recordingNote, roomHtml, wordsPage } from './page.ts'

const asset = (name: string): Buffer => readFileSync(new URL(`./assets/${name}`, import.meta.url))

const endedPage = wordsPage('This meeting has ended', 'You can close this page.')

/** The messages in the errors that a failed join carries along; the text itself where it is none of ours. */
const joinErrorText = (errors: string): string => {
  // Our messages have no quotes in them.
  const messages = [...errors.matchAll(/"message":"([^"]*)"/g)].map((match) => match[1])
  return messages.length > 0 ? messages.join(' ') : errors
}

type SessionRequest = FastifyRequest<{ Querystring: { sessionToken?: string } }>

const html = (reply: FastifyReply, text: string): FastifyReply =>
  reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header(
      'content-security-policy',
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:",
    )
    .send(text)

/** Streams what changes in the room. Whoever closes the page has left; whoever opens it again is back. */
const streamRoom = (node: BbbNode, request: SessionRequest, reply: FastifyReply): FastifyReply => {
  const session = node.meetings.session(request.query.sessionToken ?? '')
  if (session === undefined) return reply.code(404).send('no such session')
  const { meeting, participant } = session
  const id = meeting.internalMeetingID
  const say = (event: string, data: unknown) => reply.raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  const sayRoom = () =>
    say('room', {
      html: roomHtml(meeting, participant),
      headcount: headcount(meeting),
      recording: recordingNote(meeting),
    })
  const stop = node.watchers.watch(id, {
    changed: sayRoom,
    ended: () => {
      say('ended', { logoutUrl: participant.logoutUrl ?? '/html5client/ended' })
      reply.raw.end()
    },
    dropped: () => reply.raw.destroy(),
  })
  if (stop === undefined) return reply.code(503).send('too many pages are open')
  reply.hijack()
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  request.raw.socket.once('close', () => {
    stop()
    leave(meeting, participant, node.nowMs())
    node.watchers.changed(id)
  })
  if (participant.leftAtMs !== undefined) enter(meeting, participant)
  sayRoom()
  node.watchers.changed(id)
  return reply
}

/** Where a join leads a browser. */
export const html5Client = (app: FastifyInstance, node: BbbNode): void => {
  const [css, js] = [asset('client.css'), asset('client.js')]
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )
  app.get('/html5client/client.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(css))
  app.get('/html5client/client.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(js))
  app.get('/html5client/ended', (_request, reply) => html(reply, endedPage))
  app.get('/html5client/left', (_request, reply) => html(reply, wordsPage('You have left', 'You can close this page.')))
  app.get('/', (request: FastifyRequest<{ Querystring: { errors?: string } }>, reply) => {
    const { errors } = request.query
    const [title, words] =
      errors === undefined
        ? [`Node ${node.nodeName}`, 'A simulated BigBlueButton node.']
        : ['You could not join', joinErrorText(errors)]
    return html(reply, wordsPage(title, words))
  })

  app.get('/html5client/', (request: SessionRequest, reply) => {
    const session = node.meetings.session(request.query.sessionToken ?? '')
    if (session === undefined) return html(reply.code(404), endedPage)
    return html(reply, meetingPage(session.meeting, session.participant, node.nodeName))
  })
  app.get('/html5client/events', (request: SessionRequest, reply) => streamRoom(node, request, reply))

  app.post('/html5client/leave', (request: SessionRequest, reply) => {
    const session = node.meetings.session(request.query.sessionToken ?? '')
    if (session === undefined) return reply.redirect('/html5client/ended', 303)
    leave(session.meeting, session.participant, node.nowMs())
    node.watchers.changed(session.meeting.internalMeetingID)
    return reply.redirect(session.participant.logoutUrl ?? '/html5client/left', 303)
  })
  app.post('/html5client/end', (request: SessionRequest, reply) => {
    const session = node.meetings.session(request.query.sessionToken ?? '')
    if (session?.participant.role !== 'MODERATOR') return reply.code(403).send('only a moderator can end a meeting')
    session.meeting.forciblyEnded = true
    return reply.redirect(session.participant.logoutUrl ?? '/html5client/ended', 303)
  })
}
