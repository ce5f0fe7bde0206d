import type { NodeQueryServiceServer } from '@meetcoop/contracts/node-orchestration'
import type { Queries } from '@meetcoop/service'
import type { Nodes } from '../node/nodes.ts'
import type { NodeView } from '../node/node-view.ts'

export const nodeQueries = (nodes: Nodes, view: NodeView): Queries<NodeQueryServiceServer> => ({
  listNodes: async () => ({ nodes: view.list() }),
  // Retired ones too: their recordings may still have to be fetched.
  listNodeAccess: async () => ({ nodes: nodes.all().flatMap(({ nodeId }) => nodes.accessOf(nodeId) ?? []) }),
})
