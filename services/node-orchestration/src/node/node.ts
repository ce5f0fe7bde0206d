import type { Fact } from '@meetcoop/contracts'
import type { Decider } from '@meetcoop/decider'

/** A BBB node as operators and placement see it. Its address and secret are kept apart: no event may carry them. */
export type Node = {
  nodeId: string
  region: string
  /** What its silence means by now. */
  condition: 'answering' | 'suspected' | 'lost'
  draining: boolean
  retired: boolean
}

export type Verdict = 'suspected' | 'lost' | 'returned'

export type NodeCommand =
  /** Configuration names it. What operators did to it since stays as it is. */
  | { type: 'declare'; nodeId: string; region: string }
  /** An operator puts it into service, also after it was drained or retired. */
  | { type: 'admit'; nodeId: string; region: string }
  | { type: 'drain' }
  | { type: 'retire'; liveMeetings: number }
  | { type: 'judge'; verdict: Verdict }

export type NodeEvent = Fact<
  'NodeRegistered' | 'NodeSuspected' | 'NodeLost' | 'NodeReturned' | 'NodeDraining' | 'NodeRetired'
>

const noSuchNode = { refused: 'no-such-node' }

export const nodeDecider: Decider<Node | undefined, NodeCommand, NodeEvent> = {
  initial: undefined,

  decide(node, command) {
    switch (command.type) {
      case 'declare':
        return node ? [] : [registered(command)]
      case 'admit':
        return !node || node.retired || node.draining || node.region !== command.region ? [registered(command)] : []
      case 'drain':
        if (!node || node.retired) return noSuchNode
        return node.draining ? [] : [{ type: 'NodeDraining', data: { nodeId: node.nodeId } }]
      case 'retire':
        if (!node) return noSuchNode
        if (node.retired) return []
        if (command.liveMeetings > 0 && node.condition === 'answering') return { refused: 'meetings-run-on-it' }
        return [{ type: 'NodeRetired', data: { nodeId: node.nodeId } }]
      case 'judge':
        return node && !node.retired ? judge(node, command.verdict) : []
    }
  },

  evolve(node, event) {
    const { nodeId } = event.data
    if (event.type === 'NodeRegistered') {
      const condition = node && !node.retired ? node.condition : 'answering'
      return { nodeId, region: event.data.region, condition, draining: false, retired: false }
    }
    if (!node) throw new Error(`${event.type} of a node that was never registered`)
    switch (event.type) {
      case 'NodeSuspected':
        return { ...node, condition: 'suspected' }
      case 'NodeLost':
        return { ...node, condition: 'lost' }
      case 'NodeReturned':
        return { ...node, condition: 'answering' }
      case 'NodeDraining':
        return { ...node, draining: true }
      case 'NodeRetired':
        return { ...node, retired: true }
    }
  },
}

const registered = ({ nodeId, region }: { nodeId: string; region: string }): NodeEvent => ({
  type: 'NodeRegistered',
  data: { nodeId, region },
})

function judge({ nodeId, condition }: Node, verdict: Verdict): NodeEvent[] {
  if (verdict === 'suspected') return condition === 'answering' ? [{ type: 'NodeSuspected', data: { nodeId } }] : []
  if (verdict === 'lost') return condition === 'lost' ? [] : [{ type: 'NodeLost', data: { nodeId } }]
  return condition === 'answering' ? [] : [{ type: 'NodeReturned', data: { nodeId } }]
}

/** The one word for a node's state; what keeps meetings away most strongly wins. */
export function statusOf(node: Node): 'READY' | 'SUSPECTED' | 'LOST' | 'DRAINING' | 'RETIRED' {
  if (node.retired) return 'RETIRED'
  if (node.condition === 'lost') return 'LOST'
  if (node.draining) return 'DRAINING'
  return node.condition === 'suspected' ? 'SUSPECTED' : 'READY'
}
