import type { Node as NodeOnWire } from '@meetcoop/contracts/node-orchestration'
import type { Watch } from '../observe/watch.ts'
import { loadOf, type Weighing } from '../placement/load.ts'
import type { NodesNow } from '../placement/locate.ts'
import type { Placements } from '../placement/placements.ts'
import { statusOf } from './node.ts'
import type { Nodes } from './nodes.ts'

type Viewing = { nodes: Nodes; placements: Placements; watch: Watch; nowMs(): number }

export type NodeView = ReturnType<typeof viewing>

/** The nodes as they are now: what was seen on them, and what is about to come. */
export function viewing({ nodes, placements, watch, nowMs }: Viewing) {
  const weighings = (nodeId: string): Weighing[] => {
    const seen = new Map(watch.of(nodeId).meetings.map(({ meetingId, participants }) => [meetingId, participants]))
    const ours = placements.liveOn(nodeId).map(({ meetingKey, placedAtMs }) => {
      const participants = seen.get(meetingKey) ?? 0
      seen.delete(meetingKey)
      return { participants, ageMs: nowMs() - placedAtMs }
    })
    // Started by others, or left over: they weigh what is in them.
    return [...ours, ...[...seen.values()].map((participants) => ({ participants, ageMs: Infinity }))]
  }
  const answers = (nodeId: string) => watch.of(nodeId).health.badInRow === 0

  const now: NodesNow = {
    candidates: (reserving) => {
      const ready = nodes.inService().filter((node) => statusOf(node) === 'READY')
      // One bad poll is no verdict, but a good reason to go elsewhere.
      const answering = ready.filter(({ nodeId }) => answers(nodeId))
      const heldOn = (nodeId: string) => [...reserving.values()].filter((held) => held === nodeId)
      return (answering.length > 0 ? answering : ready).map(({ nodeId }) => {
        const held = heldOn(nodeId).map(() => ({ participants: 0, ageMs: 0 }))
        return { nodeId, load: loadOf([...weighings(nodeId), ...held]) }
      })
    },
    silentNodeIds: () => nodes.all().flatMap(({ nodeId }) => (answers(nodeId) ? [] : [nodeId])),
  }

  const list = (): NodeOnWire[] =>
    nodes.all().map((node) => {
      const { meetings, seenAtMs } = watch.of(node.nodeId)
      return {
        nodeId: node.nodeId,
        url: nodes.accessOf(node.nodeId)?.url ?? '',
        region: node.region,
        status: statusOf(node),
        meetings: node.retired ? 0 : meetings.length,
        participants: node.retired ? 0 : meetings.reduce((sum, { participants }) => sum + participants, 0),
        load: node.retired ? 0 : loadOf(weighings(node.nodeId)),
        seenAtMs,
      }
    })

  return { now, list }
}
