import Fastify from 'fastify'
import { parseReply, signedUrl, type CallParams } from '@meetcoop/bbb'
import type { House } from '@meetcoop/service'
import { openTestService } from '@meetcoop/service/testing'
import { startBbbNode } from '@meetcoop/sim-bbb-node'
import { membershipPeer, orchestrationPeer, recordingPeer } from './peers-under-test.ts'
import { service } from './service.ts'

export const secrets = { house: 'secret-of-the-house', ann: 'secret-of-ann', bob: 'secret-of-bob' }

type Options = { nodeCount?: number; settings?: Partial<House['settings']> }

/** The gateway in this process, before simulated nodes; membership and node-orchestration say what the test says. */
export async function gatewayUnderTest({ nodeCount = 1, settings = {} }: Options = {}) {
  const starting = Array.from({ length: nodeCount }, async (_, n) => {
    const nodeId = `node-${n + 1}`
    const secret = `secret-of-${nodeId}`
    const node = await startBbbNode({
      port: 0,
      secret,
      nodeName: nodeId,
      clock: { nowMs: () => Date.now() },
      tickMs: 5,
    })
    const sandbox = async (path: string, body: object = {}) => {
      const headers = { 'content-type': 'application/json' }
      await fetch(`${node.url}/sandbox/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    }
    const state = async () =>
      (await (await fetch(`${node.url}/sandbox/state`)).json()) as {
        meetings: { meetingID: string; documents: string[] }[]
      }
    return { nodeId, url: node.apiUrl, secret, sandbox, state, close: () => node.close() }
  })
  const nodes = await Promise.all(starting)
  const membership = membershipPeer()
  membership.set('member-house', [secrets.house])
  membership.set('ann', [secrets.ann])
  membership.set('bob', ['old-secret-of-bob', secrets.bob])
  const orchestration = orchestrationPeer(nodes)
  const recordings = recordingPeer()
  const URLS = { 'node-orchestration': 'http://orchestration.test', 'recording-storage': 'http://recordings.test' }
  const gateway = await openTestService(service, {
    settings: { URLS, ...settings },
    peers: { membership, 'node-orchestration': orchestration, 'recording-storage': recordings },
  })
  const app = Fastify({ routerOptions: { maxParamLength: 300, ignoreDuplicateSlashes: true } })
  await gateway.edges.http?.(app)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const api = (tenantId: string) => `${address}/t/${tenantId}/bigbluebutton/api/`
  const url = (tenantId: string, callName: string, params: CallParams, secret: string) =>
    signedUrl(api(tenantId), callName, params, secret)

  return {
    ...gateway,
    app,
    address,
    api,
    nodes,
    membership,
    orchestration,
    recordings,
    url,
    ask: async (callName: string, params: CallParams, { tenantId = 'ann-h1', secret = secrets.ann } = {}) => {
      const response = await fetch(url(tenantId, callName, params, secret), { redirect: 'manual' })
      const text = await response.text()
      const location = response.headers.get('location')
      return { status: response.status, text, location, reply: location === null ? parseReply(text) : undefined }
    },
    close: async () => {
      await app.close()
      await gateway.close()
      for (const node of nodes) await node.close()
    },
  }
}

export type GatewayUnderTest = Awaited<ReturnType<typeof gatewayUnderTest>>
