import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Refusal } from '@meetcoop/decider'
import { operatorsOnly } from '@meetcoop/service'
import type { Node } from '../node/node.ts'
import type { Nodes } from '../node/nodes.ts'
import type { NodeView } from '../node/node-view.ts'
import type { Watch } from '../observe/watch.ts'
import type { FindMeeting } from '../placement/find-meeting.ts'

type HttpEdge = {
  operatorToken: string
  nodes: Nodes
  view: NodeView
  watch: Watch
  find: FindMeeting
  liveMeetingsOn(nodeId: string): number
  onError(error: unknown): void
}

const nodeBody = z.strictObject({
  nodeId: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  url: z.url({ protocol: /^https?$/ }),
  secret: z.string().min(8).max(256),
  region: z.string().min(1).max(60),
})

export async function httpEdge(app: FastifyInstance, edge: HttpEdge): Promise<void> {
  callbackRoute(app, edge)
  await app.register(async (operators) => {
    operatorsOnly(operators, edge.operatorToken)
    operatorRoutes(operators, edge)
  })
}

/** A node says that a meeting has ended. It is only told to be looked at: a callback proves nothing. */
function callbackRoute(app: FastifyInstance, { find, watch, onError }: HttpEdge): void {
  app.get<{ Params: { token: string } }>('/callbacks/meeting-ended/:token', async (request, reply) => {
    const placement = await find.byCallbackToken(request.params.token)
    if (!placement) return reply.code(404).send({ error: 'this token is not ours' })
    watch.look(placement.nodeId).catch(onError)
    // BBB takes nothing but 200 for an answer.
    return reply.code(200).send({ status: 'heard' })
  })
}

function operatorRoutes(app: FastifyInstance, { nodes, view, watch, liveMeetingsOn, onError }: HttpEdge): void {
  const answer = (reply: FastifyReply, outcome: Node | Refusal) => {
    if (!('refused' in outcome)) return view.list().find(({ nodeId }) => nodeId === outcome.nodeId)
    if (outcome.refused === 'no-such-node') return reply.code(404).send({ error: 'there is no such node' })
    return reply.code(409).send({ error: 'meetings run on it: drain it and wait until they have ended' })
  }

  app.get('/operator/nodes', async () => view.list())

  app.post('/operator/nodes', async (request, reply) => {
    const read = nodeBody.safeParse(request.body)
    if (!read.success) return reply.code(400).send({ error: z.prettifyError(read.error) })
    const { nodeId, region } = read.data
    await nodes.setAccess(read.data)
    const outcome = await nodes.act(nodeId, { type: 'admit', nodeId, region })
    watch.look(nodeId).catch(onError)
    return answer(reply, outcome)
  })

  app.post<{ Params: { id: string } }>('/operator/nodes/:id/drain', async (request, reply) =>
    answer(reply, await nodes.act(request.params.id, { type: 'drain' })),
  )

  app.delete<{ Params: { id: string } }>('/operator/nodes/:id', async (request, reply) => {
    const { id } = request.params
    const answers = watch.of(id).health.badInRow === 0
    // While many nodes are silent none is judged; the operator may.
    const liveMeetings = answers ? liveMeetingsOn(id) : 0
    return answer(reply, await nodes.act(id, { type: 'retire', liveMeetings }))
  })
}
