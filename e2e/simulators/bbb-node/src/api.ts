import { checksumMatches, parseQuery, parseXml, replyXml, splitChecksum, XmlRefused } from '@meetcoop/bbb'
import type { XmlElement } from '@meetcoop/bbb'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { join, joinErrorRedirect } from './join.ts'
import * as meetingCalls from './meeting-calls.ts'
import type { Call } from './meeting-calls.ts'
import type { BbbNode } from './node.ts'
import * as recordingCalls from './recording-calls.ts'
import { refusal, refusalAnswer } from './refusals.ts'
import type { Answer, Refusal } from './refusals.ts'

/** What create and insertDocument may carry: a few small documents. */
export const maxBodyBytes = 4 * 1_048_576

type Method = 'GET' | 'POST'
type Endpoint = { call: Call; methods: readonly Method[]; xmlBody: 'never' | 'may' | 'must' }

const either: readonly Method[] = ['GET', 'POST']
const endpoints: Readonly<Record<string, Endpoint>> = {
  create: { call: meetingCalls.create, methods: either, xmlBody: 'may' },
  join: { call: join, methods: ['GET'], xmlBody: 'never' },
  isMeetingRunning: { call: meetingCalls.isMeetingRunning, methods: either, xmlBody: 'never' },
  end: { call: meetingCalls.end, methods: either, xmlBody: 'never' },
  getMeetingInfo: { call: meetingCalls.getMeetingInfo, methods: either, xmlBody: 'never' },
  getMeetings: { call: meetingCalls.getMeetings, methods: either, xmlBody: 'never' },
  insertDocument: { call: meetingCalls.insertDocument, methods: ['POST'], xmlBody: 'must' },
  sendChatMessage: { call: meetingCalls.sendChatMessage, methods: ['GET'], xmlBody: 'never' },
  getRecordings: { call: recordingCalls.getRecordings, methods: either, xmlBody: 'never' },
  publishRecordings: { call: recordingCalls.publishRecordings, methods: ['GET'], xmlBody: 'never' },
  deleteRecordings: { call: recordingCalls.deleteRecordings, methods: ['GET'], xmlBody: 'never' },
  updateRecordings: { call: recordingCalls.updateRecordings, methods: either, xmlBody: 'never' },
}

type Received = { params: ReadonlyMap<string, string>; xmlBody: XmlElement | undefined; refused: Refusal | undefined }

const readXmlBody = (text: string): { xmlBody: XmlElement } | { refused: Refusal } => {
  try {
    const { element } = parseXml(text, { maxBytes: maxBodyBytes })
    return { xmlBody: typeof element === 'object' ? (element as XmlElement) : {} }
  } catch (error) {
    if (error instanceof XmlRefused)
      return { refused: refusal('validationError', `The body is no XML: ${error.message}`) }
    throw error
  }
}

const contentTypeRefused = (type: string, hasBody: boolean, rule: Endpoint['xmlBody']): boolean => {
  if (!hasBody) return false
  const isXml = type === 'application/xml' || type === 'text/xml'
  if (isXml) return rule === 'never'
  return rule === 'must' || type !== 'application/x-www-form-urlencoded'
}

/** Reads one request and checks who signed it. Only the query is signed, never the body, as on a real node. */
const receive = (callName: string, endpoint: Endpoint, request: FastifyRequest, secret: string): Received => {
  const rawQuery = request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : ''
  const text = typeof request.body === 'string' ? request.body : ''
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const isForm = text !== '' && type === 'application/x-www-form-urlencoded'
  const inQuery = parseQuery(rawQuery)
  const inBody = isForm ? parseQuery(text) : new Map<string, string>()
  const params = new Map([...inBody, ...inQuery])
  const refuse = (refused: Refusal): Received => ({ params, xmlBody: undefined, refused })

  if (contentTypeRefused(type, text !== '', endpoint.xmlBody)) return refuse(refusal('unsupportedContentType'))
  const inBoth = [...inBody.keys()].some((name) => inQuery.has(name))
  const signed = splitChecksum(rawQuery) ?? bodySigned(rawQuery, inQuery, isForm ? text : '')
  if (inBoth || signed === undefined || !checksumMatches(callName, signed.query, signed.checksum, [secret]))
    return refuse(refusal('checksumError'))
  params.delete('checksum')
  if (text === '' || isForm) return { params, xmlBody: undefined, refused: undefined }
  const read = readXmlBody(text)
  return 'refused' in read ? refuse(read.refused) : { params, xmlBody: read.xmlBody, refused: undefined }
}

// A checksum in the body signs the query all the same, even if that is empty.
const bodySigned = (rawQuery: string, inQuery: ReadonlyMap<string, string>, form: string) => {
  const checksum = inQuery.has('checksum') ? undefined : splitChecksum(form)?.checksum
  return checksum === undefined ? undefined : { query: rawQuery, checksum }
}

const send = (reply: FastifyReply, answer: Answer): FastifyReply => {
  if ('xml' in answer) return reply.type('text/xml; charset=utf-8').send(answer.xml)
  if (answer.sessionCookie !== undefined)
    reply.header('set-cookie', `JSESSIONID=${answer.sessionCookie}; Path=/; HttpOnly; SameSite=Lax`)
  return reply.redirect(answer.redirect, 302)
}

const versionXml = (publicUrl: string): string =>
  replyXml({
    version: '2.0',
    apiVersion: '2.0',
    bbbVersion: '',
    graphqlWebsocketUrl: `${publicUrl.replace(/^http/, 'ws')}/graphql`,
    graphqlApiUrl: `${publicUrl}/api/rest`,
    html5PluginSdkVersion: '',
  })

/** The BBB API under /bigbluebutton/api. Refusals come with status 200, as BBB sends them. */
export const bbbApi = (app: FastifyInstance, node: BbbNode): void => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: maxBodyBytes }, (_request, body, done) =>
    done(null, body),
  )

  const version = (_request: FastifyRequest, reply: FastifyReply) => send(reply, { xml: versionXml(node.publicUrl) })
  app.get('/bigbluebutton/api', version)
  app.get('/bigbluebutton/api/', version)

  for (const [callName, endpoint] of Object.entries(endpoints))
    app.route({
      method: [...endpoint.methods],
      url: `/bigbluebutton/api/${callName}`,
      exposeHeadRoute: false,
      handler: (request, reply) => {
        const { params, xmlBody, refused } = receive(callName, endpoint, request, node.secret)
        if (refused === undefined) return send(reply, endpoint.call({ node, params, xmlBody }))
        return send(
          reply,
          callName === 'join' ? joinErrorRedirect(params, node.publicUrl, refused) : refusalAnswer(refused),
        )
      },
    })
}
