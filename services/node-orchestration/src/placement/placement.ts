import type { Fact } from '@meetcoop/contracts'
import type { Placement } from '@meetcoop/contracts/node-orchestration'
import type { Decider } from '@meetcoop/decider'

/** Every use of one meeting id of one tenant, the newest apart. */
export type Meeting = {
  latest?: Placement
  /** Earlier uses, oldest first: whose recording or callback comes late. */
  past: readonly Placement[]
  uses: number
}

/** How much of it people have used so far. */
export type Usage = { participantsPeak: number; participantMinutes: number }

export type PlacementCommand =
  | {
      type: 'reserve'
      meetingKey: string
      tenantId: string
      memberId: string
      nodeId: string
      recorded: boolean
      /** Nodes on which a meeting that was never seen is not worth waiting for. */
      silentNodeIds: readonly string[]
      nowMs: number
    }
  /** A node that answers has it. `usage` is that of the meeting known before. */
  | { type: 'seen'; nodeId: string; internalMeetingId: string; recorded: boolean; usage: Usage; nowMs: number }
  /** A node that answers no longer has it. */
  | { type: 'gone'; nodeId: string; internalMeetingId: string; usage: Usage; nowMs: number }
  /** Nobody saw it on its node within the time a create may take. */
  | { type: 'expire'; placementId: string; nowMs: number }
  /** Its node is lost. */
  | { type: 'lose'; nodeId: string; usage: Usage; nowMs: number }

export type PlacementEvent = Fact<'MeetingPlaced' | 'MeetingStarted' | 'MeetingEnded' | 'MeetingLost'>

const pastMax = 30
const noUsage: Usage = { participantsPeak: 0, participantMinutes: 0 }

export const isLive = (placement: Placement | undefined): placement is Placement =>
  placement?.status === 'RESERVED' || placement?.status === 'RUNNING'

export const placementDecider: Decider<Meeting, PlacementCommand, PlacementEvent> = {
  initial: { past: [], uses: 0 },

  decide(meeting, command) {
    const { latest } = meeting
    switch (command.type) {
      case 'reserve': {
        const placed = { type: 'MeetingPlaced', data: { placement: reserved(meeting, command) } } as const
        if (!isLive(latest)) return [placed]
        const hopeless = latest.status === 'RESERVED' && command.silentNodeIds.includes(latest.nodeId)
        return hopeless ? [lost(latest, noUsage, command.nowMs), placed] : []
      }
      case 'seen':
        return latest && latest.nodeId === command.nodeId ? seen(meeting, latest, command) : []
      case 'gone': {
        const known = latest?.status === 'RUNNING' && latest.nodeId === command.nodeId
        if (!known || latest.internalMeetingId !== command.internalMeetingId) return []
        return [ended(latest, command.usage, command.nowMs)]
      }
      case 'expire': {
        const waiting = latest?.status === 'RESERVED' && latest.placementId === command.placementId
        return waiting ? [lost(latest, noUsage, command.nowMs)] : []
      }
      case 'lose':
        return isLive(latest) && latest.nodeId === command.nodeId ? [lost(latest, command.usage, command.nowMs)] : []
    }
  },

  evolve({ latest, past, uses }, { type, data: { placement } }) {
    if (!placement) throw new Error(`${type} without a placement`)
    if (type !== 'MeetingPlaced') return { latest: placement, past, uses }
    return { latest: placement, past: latest ? [...past, latest].slice(-pastMax) : past, uses: uses + 1 }
  },
}

type Of<T extends PlacementCommand['type']> = Extract<PlacementCommand, { type: T }>

// The creation time is part of BBB's internal id: another id under the same key is another meeting.
function seen(meeting: Meeting, latest: Placement, command: Of<'seen'>): PlacementEvent[] {
  const { internalMeetingId, nowMs } = command
  if (latest.status === 'RESERVED') return [started(latest, command)]
  if (latest.internalMeetingId === internalMeetingId)
    // Lost with its node, and the node is back: people are in it, so it is not a new one.
    return latest.status === 'LOST' ? [started(latest, command)] : []
  if (latest.status === 'LOST') return latest.internalMeetingId === '' ? [started(latest, command)] : []
  if (meeting.past.some((placement) => placement.internalMeetingId === internalMeetingId)) return []
  const next = reserved(meeting, { ...latest, recorded: command.recorded, nowMs })
  const end = latest.status === 'RUNNING' ? [ended(latest, command.usage, nowMs)] : []
  return [...end, { type: 'MeetingPlaced', data: { placement: next } }, started(next, command)]
}

type Reserving = Pick<Of<'reserve'>, 'meetingKey' | 'tenantId' | 'memberId' | 'nodeId' | 'recorded' | 'nowMs'>

function reserved(meeting: Meeting, { meetingKey, tenantId, memberId, nodeId, recorded, nowMs }: Reserving): Placement {
  return {
    placementId: `${meetingKey}.${meeting.uses + 1}`,
    meetingKey,
    tenantId,
    memberId,
    nodeId,
    internalMeetingId: '',
    status: 'RESERVED',
    recorded,
    placedAtMs: nowMs,
    startedAtMs: 0,
    endedAtMs: 0,
    ...noUsage,
  }
}

const started = (placement: Placement, { internalMeetingId, recorded, nowMs }: Of<'seen'>): PlacementEvent => {
  const startedAtMs = placement.startedAtMs || nowMs
  const running = { ...placement, status: 'RUNNING', internalMeetingId, recorded, startedAtMs, endedAtMs: 0 } as const
  return { type: 'MeetingStarted', data: { placement: running } }
}

const ended = (placement: Placement, usage: Usage, nowMs: number): PlacementEvent => ({
  type: 'MeetingEnded',
  data: { placement: { ...placement, ...usage, status: 'ENDED', endedAtMs: nowMs } },
})

const lost = (placement: Placement, usage: Usage, nowMs: number): PlacementEvent => ({
  type: 'MeetingLost',
  data: { placement: { ...placement, ...usage, status: 'LOST', endedAtMs: nowMs } },
})
