import { answer, type Service } from '@meetcoop/service'
import { NodeQueryServiceService, PlacementServiceService } from '@meetcoop/contracts/node-orchestration'
import { configuredNodes } from './configured-nodes.ts'
import { httpEdge } from './edges/http.ts'
import { tellMetrics } from './edges/metrics.ts'
import { nodeQueries } from './edges/node-queries.ts'
import { placementQueries } from './edges/placement-queries.ts'
import { openNodes } from './node/nodes.ts'
import { viewing } from './node/node-view.ts'
import { reconcileNode } from './observe/reconcile-node.ts'
import { sweeping } from './observe/sweep.ts'
import { openUsageLedger } from './observe/usage-ledger.ts'
import { watching } from './observe/watch.ts'
import { findingMeetings } from './placement/find-meeting.ts'
import { locating } from './placement/locate.ts'
import { openPlacements } from './placement/placements.ts'
import { openCollections } from './store.ts'

const sweepEveryMs = 1_000

/** The service by a clock that never jumps: silence of nodes is measured in time that passes, not in dates. */
export const nodeOrchestration = (monotonicMs: () => number): Service => ({
  name: 'node-orchestration',
  build: async (house) => {
    const { secrets, clock, log } = house
    const { nowMs } = clock
    const { callbackKey } = secrets
    const onError = (error: unknown) => log.warn({ error: (error as Error).message }, 'a look failed; the sweep looks')
    const onSilence = (node: string, error: Error) => log.warn({ node, error: error.message }, 'a node is silent')

    const collections = await openCollections(house.store)
    const { meetings, names } = collections
    const nodes = await openNodes({ ...collections, secretKey: secrets.nodeSecretKey, nowMs })
    const placements = await openPlacements(meetings, nowMs)
    const ledger = await openUsageLedger(collections.attendance, nowMs)
    const find = findingMeetings(meetings, callbackKey)

    const onMeetings = reconcileNode.bind(undefined, { placements, ledger, nowMs })
    const watch = watching({ nodes, nowMs, monotonicMs, onMeetings, onSilence })
    const view = viewing({ nodes, placements, watch, nowMs })
    const locate = locating({ callbackKey, names, placements, nodes: view.now, nowMs })
    const { sweep, isFrozen } = sweeping({ nodes, placements, watch, ledger, log, nowMs, monotonicMs })

    for (const node of configuredNodes(house, process.env)) {
      await nodes.setAccess(node)
      await nodes.act(node.nodeId, { type: 'declare', nodeId: node.nodeId, region: node.region })
    }
    house.loop({ everyMs: sweepEveryMs, run: sweep })
    tellMetrics(house.metrics, view.list, isFrozen)

    const liveMeetingsOn = (nodeId: string) => placements.liveOn(nodeId).length
    const { operatorToken } = secrets
    return {
      http: (app) => httpEdge(app, { operatorToken, nodes, view, watch, find, liveMeetingsOn, onError }),
      grpc: [
        answer(
          PlacementServiceService,
          placementQueries({ callbackKey, names, placements, find, locate, watch, ledger, onError }),
        ),
        answer(NodeQueryServiceService, nodeQueries(nodes, view)),
      ],
      stop: ledger.keep,
    }
  },
})

export const service = nodeOrchestration(() => performance.now())
