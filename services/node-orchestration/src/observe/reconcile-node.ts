import { looksLikeMeetingKey } from '../placement/meeting-ids.ts'
import type { Placements } from '../placement/placements.ts'
import type { SeenMeeting } from './sighting.ts'
import type { UsageLedger } from './usage-ledger.ts'

type Reconciling = { placements: Placements; ledger: UsageLedger; nowMs(): number }

/** Compares what a node that answers tells with what is placed on it, and writes what has happened. */
export async function reconcileNode(
  { placements, ledger, nowMs }: Reconciling,
  nodeId: string,
  meetings: readonly SeenMeeting[],
): Promise<void> {
  for (const meeting of meetings) {
    if (!looksLikeMeetingKey(meeting.meetingId)) continue
    const known = placements.live.get(meeting.meetingId)?.placement
    const isKnown =
      known?.status === 'RUNNING' && known.nodeId === nodeId && known.internalMeetingId === meeting.internalMeetingId
    if (!isKnown) {
      const { internalMeetingId, recorded } = meeting
      const usage = ledger.usage(nodeId, known?.placementId ?? '')
      const seen = { type: 'seen', nodeId, internalMeetingId, recorded, usage, nowMs: nowMs() } as const
      await placements.act(meeting.meetingId, seen)
    }
  }
  const byKey = new Map(meetings.map((meeting) => [meeting.meetingId, meeting]))
  for (const placement of placements.liveOn(nodeId)) {
    if (placement.status !== 'RUNNING') continue
    const { meetingKey, placementId, internalMeetingId } = placement
    const seen = byKey.get(meetingKey)
    if (seen) ledger.sample(nodeId, placementId, seen.participants)
    else {
      const usage = ledger.usage(nodeId, placementId)
      await placements.act(meetingKey, { type: 'gone', nodeId, internalMeetingId, usage, nowMs: nowMs() })
    }
  }
  ledger.retain(
    nodeId,
    placements.liveOn(nodeId).map(({ placementId }) => placementId),
  )
}
