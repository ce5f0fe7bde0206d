import { createMembers, type Rights, type Tenant } from './members.ts'

/** A meeting that lives, or is about to, and the node that has it. */
export type LiveMeeting = {
  meetingKey: string
  tenantId: string
  externalMeetingId: string
  placementId: string
  nodeId: string
  /** Empty until the meeting was created. */
  internalMeetingId: string
  isRunning: boolean
  /** Goes into the addresses that its node calls back. */
  callbackToken: string
  version: number
}
export type NodeAccess = { nodeId: string; url: string; secret: string }

/** All of it as plain data: what the snapshot keeps. */
export type Memories = {
  members: { memberId: string; rights: Rights; tenants: readonly Tenant[] }[]
  meetings: LiveMeeting[]
  nodes: NodeAccess[]
}

export type Memory = ReturnType<typeof createMemory>

const goneMax = 10_000

/** All that the gateway knows, so that it can answer alone. Every look-up takes the same time, however much that is. */
export function createMemory() {
  const nodes = new Map<string, NodeAccess>()
  const byKey = new Map<string, LiveMeeting>()
  const byTenant = new Map<string, Map<string, LiveMeeting>>()
  const byInternalId = new Map<string, LiveMeeting>()
  // Meetings that ended: a list read before the end must not bring them back.
  const gone = new Map<string, number>()
  let changes = 0
  const members = createMembers(() => changes++)

  const unlink = ({ meetingKey, tenantId, externalMeetingId, internalMeetingId }: LiveMeeting): void => {
    byKey.delete(meetingKey)
    byInternalId.delete(internalMeetingId)
    const ofTenant = byTenant.get(tenantId)
    ofTenant?.delete(externalMeetingId)
    if (ofTenant?.size === 0) byTenant.delete(tenantId)
  }

  const memory = {
    changes: () => changes,

    ...members,

    setNodes: (all: readonly NodeAccess[]): void => {
      if (JSON.stringify([...nodes.values()]) === JSON.stringify(all)) return
      nodes.clear()
      for (const node of all) nodes.set(node.nodeId, node)
      changes++
    },
    node: (nodeId: string): NodeAccess | undefined => nodes.get(nodeId),

    /** Nothing that is older than what is known. */
    putMeeting: (meeting: LiveMeeting): void => {
      const known = byKey.get(meeting.meetingKey)
      const newest = Math.max(known?.version ?? 0, gone.get(meeting.meetingKey) ?? 0)
      if (meeting.version < newest) return
      if (known) unlink(known)
      byKey.set(meeting.meetingKey, meeting)
      if (meeting.internalMeetingId) byInternalId.set(meeting.internalMeetingId, meeting)
      const ofTenant = byTenant.get(meeting.tenantId) ?? new Map<string, LiveMeeting>()
      byTenant.set(meeting.tenantId, ofTenant.set(meeting.externalMeetingId, meeting))
      changes++
    },
    /** One write may end a use of the meeting id and begin the next: then both have the same version. */
    forgetMeeting: ({
      meetingKey,
      placementId,
      version,
    }: Pick<LiveMeeting, 'meetingKey' | 'placementId' | 'version'>) => {
      const known = byKey.get(meetingKey)
      if (known && known.version > version) return
      if (known && known.version === version && known.placementId !== placementId) return
      if (known) unlink(known)
      if (gone.size >= goneMax) gone.clear()
      gone.set(meetingKey, Math.max(version, gone.get(meetingKey) ?? 0))
      changes++
    },
    meetingByKey: (meetingKey: string): LiveMeeting | undefined => byKey.get(meetingKey),
    meetingsOf: (tenantId: string): ReadonlyMap<string, LiveMeeting> => byTenant.get(tenantId) ?? new Map(),
    meetings: (): LiveMeeting[] => [...byKey.values()],
    /** By the tenant's own meeting id, or by BBB's internal one. */
    findMeeting: (tenantId: string, meetingId: string): LiveMeeting | undefined => {
      const found = byTenant.get(tenantId)?.get(meetingId) ?? byInternalId.get(meetingId)
      return found?.tenantId === tenantId ? found : undefined
    },

    memories: (): Memories => ({
      members: members.members(),
      meetings: [...byKey.values()],
      nodes: [...nodes.values()],
    }),
    remember: (memories: Memories): void => {
      for (const { memberId, rights, tenants } of memories.members) members.setMember(memberId, rights, tenants)
      for (const meeting of memories.meetings) memory.putMeeting(meeting)
      memory.setNodes(memories.nodes)
    },
  }
  return memory
}
