import type { FastifyInstance } from 'fastify'
import { jwtVerify, errors } from 'jose'
import formbody from '@fastify/formbody'
import { z } from 'zod'
import type { Placement, ResolveCallbackResponse } from '@meetcoop/contracts/node-orchestration'
import { isNotFound } from '@meetcoop/service'
import { sha1Hex } from '../meeting-id.ts'
import type { Receive } from './receive.ts'
import type { Nodes } from './nodes.ts'

const form = z.object({ signed_parameters: z.string().min(1).max(4_000) })
const claims = z.object({ meeting_id: z.string(), record_id: z.string() })
type Claims = z.infer<typeof claims>

type Callback = { nodes: Nodes; receive: Receive }

/**
 * A node says that a recording is ready: once per format, without retry, signed with the node's secret and without an
 * end of validity. So a replay must change nothing, and the sweep over the nodes finds what was never said.
 */
export async function recordingReady(app: FastifyInstance, { nodes, receive }: Callback): Promise<void> {
  await app.register(formbody)
  app.post<{ Params: { token: string } }>('/callbacks/recording-ready/:token', async (request, reply) => {
    const body = form.safeParse(request.body)
    if (!body.success) return reply.code(400).send({ error: 'send the form field signed_parameters' })
    const resolved = await resolve(nodes, request.params.token)
    if (resolved === 'unknown') return reply.code(404).send({ error: 'this address was never given to a node' })
    if (resolved === 'outage') return reply.code(503).send({ error: 'come back later' })
    const { placement, secret, externalMeetingId } = resolved
    const said = secret && (await verified(body.data.signed_parameters, secret))
    if (!said || !speaksOf(placement, said))
      return reply.code(401).send({ error: 'signed_parameters is not signed by the node, or for another meeting' })
    await receive({ placement, externalMeetingId, recordingId: said.record_id, causeId: `ready:${said.record_id}` })
    return { received: true }
  })
}

type Resolved = { placement: Placement; externalMeetingId: string; secret: string | undefined }

async function resolve({ orchestration, access }: Nodes, token: string): Promise<Resolved | 'unknown' | 'outage'> {
  try {
    const { placement, externalMeetingId }: ResolveCallbackResponse = await orchestration.resolveCallback({
      callbackToken: token,
    })
    if (!placement) return 'unknown'
    const secret = (await access()).find(({ nodeId }) => nodeId === placement.nodeId)?.secret
    return { placement, externalMeetingId, secret }
  } catch (error) {
    return isNotFound(error) ? 'unknown' : 'outage'
  }
}

async function verified(jwt: string, secret: string): Promise<Claims | undefined> {
  try {
    const { payload } = await jwtVerify(jwt, new TextEncoder().encode(secret), { algorithms: ['HS256'] })
    return claims.safeParse(payload).data
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

const speaksOf = ({ meetingKey, internalMeetingId }: Placement, { meeting_id, record_id }: Claims): boolean =>
  meeting_id === meetingKey &&
  (internalMeetingId ? record_id === internalMeetingId : record_id.startsWith(`${sha1Hex(meetingKey)}-`))
