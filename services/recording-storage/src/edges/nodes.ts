import {
  NodeQueryServiceService,
  PlacementServiceService,
  type NodeAccess,
  type NodeQueryServiceServer,
  type PlacementServiceServer,
} from '@meetcoop/contracts/node-orchestration'
import type { House } from '@meetcoop/service'

export type Nodes = ReturnType<typeof askNodes>

/** What node-orchestration knows: whose meeting it was, and how to reach its node. */
export function askNodes(house: House) {
  const orchestration = house.peer<PlacementServiceServer>('node-orchestration', PlacementServiceService)
  const queries = house.peer<NodeQueryServiceServer>('node-orchestration', NodeQueryServiceService)
  const access = async (): Promise<readonly NodeAccess[]> => (await queries.listNodeAccess({})).nodes
  return { orchestration, access }
}
