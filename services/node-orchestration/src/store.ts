import type { Collection, Store } from '@meetcoop/store'
import type { Node } from './node/node.ts'
import type { Attendance } from './placement/attendance.ts'
import { internalPrefixOf } from './placement/meeting-ids.ts'
import { isLive, type Meeting } from './placement/placement.ts'

/** How to speak to a node. The secret is encrypted. */
export type NodeAccess = { nodeId: string; url: string; sealedSecret: string }
/** Whose a meeting is, under the tenant's own id for it. Never in an event: names may hide in it. */
export type MeetingName = { tenantId: string; externalMeetingId: string }
/** By placement id, all running meetings of one node in one document. */
export type NodeAttendance = Record<string, Attendance>

export type Collections = {
  nodes: Collection<Node | undefined>
  access: Collection<NodeAccess>
  meetings: Collection<Meeting>
  names: Collection<MeetingName>
  attendance: Collection<NodeAttendance>
}

export const openCollections = async (store: Store): Promise<Collections> => ({
  nodes: await store.collection<Node | undefined>('nodes'),
  access: await store.collection<NodeAccess>('node_access'),
  meetings: await store.collection<Meeting>('meetings', {
    live: ({ latest }) => (isLive(latest) ? latest.meetingKey : null),
    internal_prefix: ({ latest }) => (latest ? internalPrefixOf(latest.meetingKey) : null),
  }),
  names: await store.collection<MeetingName>('meeting_names'),
  attendance: await store.collection<NodeAttendance>('attendance'),
})
