import { createBbbClient } from '@meetcoop/bbb'
import { afterAnswer, afterSilence, unknownHealth, type Health } from '../node/health.ts'
import type { Nodes } from '../node/nodes.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { meetingsIn, type SeenMeeting } from './sighting.ts'

const pollTimeoutMs = 2_000

/** What is known of a node from looking at it. */
export type Observed = { health: Health; meetings: readonly SeenMeeting[]; seenAtMs: number }

export type Watch = ReturnType<typeof watching>

type Watching = {
  nodes: Nodes
  nowMs(): number
  monotonicMs(): number
  onMeetings(nodeId: string, meetings: readonly SeenMeeting[]): Promise<void>
  onSilence(nodeId: string, error: Error): void
}

/** Looks at nodes, one look at a time each: an older answer never overtakes a newer one. */
export function watching({ nodes, nowMs, monotonicMs, onMeetings, onSilence }: Watching) {
  const observed = new Map<string, Observed>()

  const of = (nodeId: string): Observed => {
    const known = observed.get(nodeId) ?? { health: unknownHealth(monotonicMs()), meetings: [], seenAtMs: 0 }
    observed.set(nodeId, known)
    return known
  }

  const poll = async (nodeId: string): Promise<void> => {
    const access = nodes.accessOf(nodeId)
    if (!access) return
    const client = createBbbClient({ apiUrl: access.url, secret: access.secret, timeoutMs: pollTimeoutMs })
    let meetings: SeenMeeting[]
    try {
      const reply = await client.getMeetings()
      if (reply.returncode !== 'SUCCESS') throw new Error(`the node refuses us: ${reply.messageKey}`)
      meetings = meetingsIn(reply)
    } catch (error) {
      const before = of(nodeId)
      observed.set(nodeId, { ...before, health: afterSilence(before.health) })
      if (before.health.badInRow === 0) onSilence(nodeId, error as Error)
      return
    }
    observed.set(nodeId, { health: afterAnswer(of(nodeId).health, monotonicMs()), meetings, seenAtMs: nowMs() })
    await onMeetings(nodeId, meetings)
  }

  return {
    of,
    setHealth: (nodeId: string, health: Health): void => void observed.set(nodeId, { ...of(nodeId), health }),
    look: oneAtATime(poll),
  }
}
