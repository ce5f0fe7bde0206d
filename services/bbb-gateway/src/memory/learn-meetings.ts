import { factFromJson, type Envelope } from '@meetcoop/contracts'
import type {
  LivePlacement,
  NodeQueryServiceServer,
  Placement,
  PlacementServiceServer,
} from '@meetcoop/contracts/node-orchestration'
import type { Peer } from '@meetcoop/service'
import type { LiveMeeting, Memory } from './memory.ts'

const pageSize = 500

type Learning = {
  memory: Memory
  placement: Peer<PlacementServiceServer>
  nodes: Peer<NodeQueryServiceServer>
  monotonicMs(): number
}

/** The meeting as the gateway remembers it. */
export function toMeeting(live: LivePlacement): LiveMeeting | undefined {
  const { placement, externalMeetingId, callbackToken, version } = live
  if (!placement) return undefined
  return {
    meetingKey: placement.meetingKey,
    tenantId: placement.tenantId,
    externalMeetingId,
    placementId: placement.placementId,
    nodeId: placement.nodeId,
    internalMeetingId: placement.internalMeetingId,
    isRunning: placement.status === 'RUNNING',
    callbackToken,
    version,
  }
}

/** Asks node-orchestration which meetings live where, and how to speak to nodes. */
export function learningMeetings({ memory, placement, nodes, monotonicMs }: Learning) {
  // What was learnt while a list was read is newer than the list, whatever that says.
  const learntAtMs = new Map<string, number>()

  const put = (meeting: LiveMeeting | undefined): void => {
    if (!meeting) return
    const known = memory.meetingByKey(meeting.meetingKey)
    const same = known?.placementId === meeting.placementId ? known : undefined
    // An event tells no token, and a list may not tell yet what the node told us.
    const internalMeetingId = meeting.internalMeetingId || (same?.internalMeetingId ?? '')
    const callbackToken = meeting.callbackToken || (same?.callbackToken ?? '')
    memory.putMeeting({ ...meeting, internalMeetingId, callbackToken })
    learntAtMs.set(meeting.meetingKey, monotonicMs())
  }

  const all = async (): Promise<void> => {
    const startedAtMs = monotonicMs()
    memory.setNodes((await nodes.listNodeAccess({})).nodes)
    for (let after: string | undefined = ''; after !== undefined;) {
      const { placements }: { placements: LivePlacement[] } = await placement.listPlacements({ after, limit: pageSize })
      for (const live of placements) put(toMeeting(live))
      after = placements.length < pageSize ? undefined : placements.at(-1)?.placement?.meetingKey
    }
    for (const meeting of memory.meetings())
      if ((learntAtMs.get(meeting.meetingKey) ?? 0) < startedAtMs) memory.forgetMeeting(meeting)
    for (const meetingKey of learntAtMs.keys()) if (!memory.meetingByKey(meetingKey)) learntAtMs.delete(meetingKey)
  }

  /** False if the event tells of something that only a list can tell: the tenant's own meeting id is in no event. */
  const fromEvent = ({ type, data, version }: Envelope): boolean => {
    const fact = factFromJson(type, data) as { data: { placement?: Placement } }
    const told = fact.data.placement
    if (!told) return false
    if (told.status === 'ENDED' || told.status === 'LOST') {
      memory.forgetMeeting({ ...told, version })
      return true
    }
    const known = memory.meetingByKey(told.meetingKey)
    if (!known) return false
    put(toMeeting({ placement: told, externalMeetingId: known.externalMeetingId, callbackToken: '', version }))
    return true
  }

  return { put, all, fromEvent }
}
