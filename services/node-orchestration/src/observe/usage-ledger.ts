import type { Collection } from '@meetcoop/store'
import type { NodeAttendance } from '../store.ts'
import { noAttendance, sample, usageAt } from '../placement/attendance.ts'
import type { Usage } from '../placement/placement.ts'

export type UsageLedger = Awaited<ReturnType<typeof openUsageLedger>>

/** The attendance of running meetings, in memory; what is kept in the store is at most one `keep` older. */
export async function openUsageLedger(attendance: Collection<NodeAttendance>, nowMs: () => number) {
  const byNode = new Map<string, NodeAttendance>()
  for (let after: string | undefined = ''; after !== undefined;) {
    const page = await attendance.page({ after, limit: 100 })
    for (const { id, state } of page) byNode.set(id, state)
    after = page.at(-1)?.id
  }
  const of = (nodeId: string): NodeAttendance => {
    const known = byNode.get(nodeId) ?? {}
    byNode.set(nodeId, known)
    return known
  }
  return {
    sample: (nodeId: string, placementId: string, participants: number): void => {
      const known = of(nodeId)
      known[placementId] = sample(known[placementId] ?? noAttendance(nowMs()), participants, nowMs())
    },

    usage: (nodeId: string, placementId: string): Usage =>
      usageAt(of(nodeId)[placementId] ?? noAttendance(nowMs()), nowMs()),

    /** Forgets all meetings of the node but these. */
    retain: (nodeId: string, placementIds: readonly string[]): void => {
      const kept = new Set(placementIds)
      byNode.set(nodeId, Object.fromEntries(Object.entries(of(nodeId)).filter(([id]) => kept.has(id))))
    },

    keep: async (): Promise<void> => {
      for (const [nodeId, state] of byNode) {
        const stored = await attendance.get(nodeId)
        if (!stored && Object.keys(state).length === 0) continue
        if (JSON.stringify(stored?.state) === JSON.stringify(state)) continue
        await attendance.write({ id: nodeId, expectedVersion: stored?.version ?? 0, state })
      }
    },
  }
}
