import { listIn, textOf, type XmlElement } from '@meetcoop/bbb'
import type { NodeAccess } from '../memory/memory.ts'
import { NodeSilent, type CallNode } from './call-node.ts'

export type NodeMeetings = ReturnType<typeof rememberingMeetings>

const freshForMs = 1_000
const answerWithinMs = 800

type Known = { meetings: ReadonlyMap<string, XmlElement>; askedAtMs: number; asking: Promise<void> | undefined }

/** What each node says of its meetings, at most a second old; of a node that does not answer, what it said last. */
export function rememberingMeetings(callNode: CallNode, monotonicMs: () => number) {
  const byNode = new Map<string, Known>()

  const ask = async (node: NodeAccess, known: Known): Promise<void> => {
    try {
      const reply = await callNode(node, 'getMeetings', { timeoutMs: answerWithinMs })
      if (reply.returncode !== 'SUCCESS') return
      const meetings = listIn(reply.body, 'meetings', 'meeting')
      known.meetings = new Map(meetings.map((meeting) => [textOf(meeting['meetingID']), meeting]))
    } catch (error) {
      // Then the last state is the answer; node-orchestration watches the nodes and tells.
      if (!(error instanceof NodeSilent)) throw error
    }
  }

  const start = (node: NodeAccess, known: Known): Promise<void> => {
    const asking = ask(node, known).finally(() => {
      if (known.asking !== asking) return
      known.askedAtMs = monotonicMs()
      known.asking = undefined
    })
    known.asking = asking
    return asking
  }

  return {
    /** By the meeting's name on the node. */
    on: async (node: NodeAccess): Promise<ReadonlyMap<string, XmlElement>> => {
      const known = byNode.get(node.nodeId) ?? { meetings: new Map(), askedAtMs: -Infinity, asking: undefined }
      byNode.set(node.nodeId, known)
      if (monotonicMs() - known.askedAtMs >= freshForMs) await (known.asking ?? start(node, known))
      return known.meetings
    },
    /** The next one who asks gets a new answer: something was changed by us. */
    outdate: (nodeId: string): void => {
      const known = byNode.get(nodeId)
      if (!known) return
      known.askedAtMs = -Infinity
      known.asking = undefined
    },
  }
}
