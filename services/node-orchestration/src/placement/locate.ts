import type { Collection } from '@meetcoop/store'
import type { MeetingName } from '../store.ts'
import { chooseNode } from './choose.ts'
import { meetingKeyOf } from './meeting-ids.ts'
import type { Live, Placements } from './placements.ts'

export type Wanted = { tenantId: string; memberId: string; externalMeetingId: string; recorded: boolean }

/** What placement needs to know of the nodes now. */
export type NodesNow = {
  /** Load of each node that may take a meeting, with the seats of meetings about to be written. */
  candidates(reserving: ReadonlyMap<string, string>): { nodeId: string; load: number }[]
  /** Nodes that do not answer. */
  silentNodeIds(): string[]
}

type Locating = {
  callbackKey: string
  names: Collection<MeetingName>
  placements: Placements
  nodes: NodesNow
  nowMs(): number
}

export type Locate = ReturnType<typeof locating>

/** Finds a meeting's node or reserves one. All callers who ask for one meeting at once share one answer. */
export function locating({ callbackKey, names, placements, nodes, nowMs }: Locating) {
  const underWay = new Map<string, Promise<Live | undefined>>()
  // From the choice until the write the seats are kept here, or a burst would all choose the same node.
  const reserving = new Map<string, string>()

  const reserve = async (meetingKey: string, wanted: Wanted): Promise<Live | undefined> => {
    const nodeId = chooseNode(meetingKey, nodes.candidates(reserving))
    if (nodeId === undefined) return placements.live.get(meetingKey)
    reserving.set(meetingKey, nodeId)
    try {
      const { tenantId, memberId, externalMeetingId, recorded } = wanted
      // The name first: a placement without one could not be told to anybody.
      await names.write({ id: meetingKey, expectedVersion: 0, state: { tenantId, externalMeetingId } })
      const silentNodeIds = nodes.silentNodeIds().filter((silent) => silent !== nodeId)
      const command = { meetingKey, tenantId, memberId, nodeId, recorded, silentNodeIds, nowMs: nowMs() }
      return await placements.act(meetingKey, { type: 'reserve', ...command })
    } finally {
      reserving.delete(meetingKey)
    }
  }

  return {
    find: ({ tenantId, externalMeetingId }: Omit<Wanted, 'recorded' | 'memberId'>): Live | undefined =>
      placements.live.get(meetingKeyOf(callbackKey, tenantId, externalMeetingId)),

    /** Undefined if the meeting does not live and no node can take it. */
    findOrReserve: (wanted: Wanted): Promise<Live | undefined> => {
      const meetingKey = meetingKeyOf(callbackKey, wanted.tenantId, wanted.externalMeetingId)
      const shared = underWay.get(meetingKey)
      if (shared) return shared
      const answer = reserve(meetingKey, wanted).finally(() => underWay.delete(meetingKey))
      underWay.set(meetingKey, answer)
      return answer
    },
  }
}
