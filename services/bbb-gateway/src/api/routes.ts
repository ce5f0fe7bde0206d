import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errorXml, replyXml } from '@meetcoop/bbb'
import { endpoints } from '../calls/endpoints.ts'
import type { Gateway } from '../calls/gateway.ts'
import type { Tenant } from '../memory/members.ts'
import { NodeSilent } from '../node/call-node.ts'
import { refuse, type Answer } from './answer.ts'
import { bodyBytesMax, receive } from './receive.ts'

const urlBytesMax = 8_192
const xmlType = 'text/xml;charset=utf-8'

const versionXml = replyXml({ version: '2.0', apiVersion: '2.0', bbbVersion: '' })

type ApiRequest = FastifyRequest<{ Params: { tenant?: string; call: string } }>

/** BBB's API: for each tenant under its own address, for the co-op's own tenants at the bare one too. */
export function bbbApi(app: FastifyInstance, gateway: Gateway): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: bodyBytesMax }, (_request, body, done) =>
    done(null, body),
  )
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500
    if (status < 500) return reply.code(status).type(xmlType).send(errorXml('validationError', error.message))
    const outage = error instanceof NodeSilent
    gateway.log.error({ error: error.message }, outage ? 'a node did not answer a call' : 'a call failed')
    return send(reply, refuse(outage ? 'serverUnavailable' : 'internalError'))
  })

  const { memory } = gateway
  const candidates = ({ params }: ApiRequest): readonly Tenant[] => {
    if (params.tenant === undefined) return memory.houseTenants()
    const tenant = memory.tenant(params.tenant)
    return tenant ? [tenant] : []
  }
  for (const base of ['/t/:tenant/bigbluebutton/api', '/bigbluebutton/api']) {
    for (const url of [base, `${base}/`]) app.get(url, (_request, reply) => send(reply, { xml: versionXml }))
    const route = {
      method: ['GET', 'POST'],
      bodyLimit: bodyBytesMax,
      exposeHeadRoute: false,
      handler: (request: ApiRequest, reply: FastifyReply) => handle(gateway, candidates(request), request, reply),
    }
    app.route({ ...route, url: `${base}/:call` })
    // From memory alone, and most of all requests.
    app.route({ ...route, url: `${base}/:call(^join$)`, config: { untraced: true } })
  }
}

function handle(gateway: Gateway, tenants: readonly Tenant[], request: ApiRequest, reply: FastifyReply) {
  const callName = request.params.call
  const { url = '' } = request.raw
  if (url.length > urlBytesMax)
    return reply.code(414).type(xmlType).send(errorXml('validationError', 'The query is longer than 8 KB'))
  const endpoint = endpoints.get(callName)
  if (!endpoint?.methods.includes(request.method as 'GET')) return send(reply, refuse('unsupportedRequest'))
  const { body } = request
  const arrived = { callName, endpoint, url, contentType: request.headers['content-type'], body }
  const received = receive(arrived, tenants)
  if ('refused' in received) return send(reply, received.refused)
  const answer = endpoint.answer(gateway, received.call)
  return answer instanceof Promise ? answer.then((later) => send(reply, later)) : send(reply, answer)
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  if ('xml' in answer) return reply.type(xmlType).send(answer.xml)
  return reply.code(302).header('location', answer.location).send()
}
