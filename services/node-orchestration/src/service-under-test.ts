import Fastify from 'fastify'
import { createBbbClient } from '@meetcoop/bbb'
import type {
  LocateRequest,
  NodeQueryServiceServer,
  PlacementServiceServer,
} from '@meetcoop/contracts/node-orchestration'
import type { Queries } from '@meetcoop/service'
import { openTestService } from '@meetcoop/service/testing'
import { startBbbNode } from '@meetcoop/sim-bbb-node'
import { nodeOrchestration } from './service.ts'

/** The service and simulated nodes in one process; both clocks are in the test's hands. */
export async function serviceUnderTest(nodeCount: number) {
  const clocks = { monotonicMs: 0, nowMs: Date.UTC(2026, 9, 10, 12) }
  const starting = Array.from({ length: nodeCount }, async (_, n) => {
    const nodeId = `node-${n + 1}`
    const secret = `secret-of-${nodeId}`
    const node = await startBbbNode({
      port: 0,
      secret,
      nodeName: nodeId,
      clock: { nowMs: () => clocks.nowMs },
      tickMs: 5,
    })
    const sandbox = async (path: string, body: object = {}) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${node.url}/sandbox/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    }
    const client = createBbbClient({ apiUrl: node.apiUrl, secret, timeoutMs: 2_000 })
    return { nodeId, url: node.apiUrl, secret, sandbox, client, close: () => node.close() }
  })
  const nodes = await Promise.all(starting)
  const SANDBOX_NODES = nodes.map(({ nodeId, url, secret }) => ({ nodeId, url, secret, region: 'eu' }))
  const service = await openTestService(
    nodeOrchestration(() => clocks.monotonicMs),
    {
      settings: { SANDBOX_NODES },
      nowMs: clocks.nowMs,
    },
  )
  const app = Fastify()
  await service.edges.http?.(app)
  const [placement, node] = service.edges.grpc ?? []
  const placements = placement?.queries as unknown as Queries<PlacementServiceServer>

  return {
    ...service,
    app,
    nodes,
    node: (nodeId: string) => {
      const found = nodes.find((each) => each.nodeId === nodeId)
      if (!found) throw new Error(`no node ${nodeId}`)
      return found
    },
    placements,
    nodeQueries: node?.queries as unknown as Queries<NodeQueryServiceServer>,
    locate: async (externalMeetingId: string, over: Partial<LocateRequest> = {}) => {
      const asked = { tenantId: 't-h1', memberId: 'm', externalMeetingId, reserve: true, recorded: false, ...over }
      return (await placements.locate(asked)).live
    },
    /** Business time: of the service and of the nodes. */
    pass: (minutes: number) => {
      clocks.nowMs += minutes * 60_000
      service.moveClock(minutes * 60_000)
    },
    sweep: async (times = 1, everyMs = 1_000) => {
      for (let n = 0; n < times; n++) {
        clocks.monotonicMs += everyMs
        await service.runLoops()
      }
    },
    events: async () => (await service.written()).map(({ type }) => type),
    close: async () => {
      await app.close()
      await service.close()
      for (const each of nodes) await each.close()
    },
  }
}

export type ServiceUnderTest = Awaited<ReturnType<typeof serviceUnderTest>>
