import type { GetCredentialsResponse, Member } from '@meetcoop/contracts/membership'
import type { LivePlacement, LocateRequest, Placement } from '@meetcoop/contracts/node-orchestration'
import type { ListRecordingsRequest, RecordingDetail } from '@meetcoop/contracts/recording-storage'
import { limitToWire, type Limit } from '@meetcoop/contracts'

type Rights = { sessionMinutes?: Limit; personalRooms?: Limit; recordingSpaceBytes?: number }

/** Answers as membership does, from what the test says. */
export function membershipPeer() {
  const members = new Map<string, { member: Member; credentials: GetCredentialsResponse['credentials'] }>()
  return {
    set: (memberId: string, secrets: string[], rights: Rights = {}) => {
      const { sessionMinutes = 'unlimited', personalRooms = 'unlimited', recordingSpaceBytes = 1e9 } = rights
      const entitlements = {
        sessionMinutes: limitToWire(sessionMinutes),
        personalRooms: limitToWire(personalRooms),
        hostAccounts: 1,
        recordingSpaceBytes,
        vote: true,
      }
      const member = {
        memberId,
        tierId: 't',
        entitlements,
        hostAccountIds: [],
        admittedAtMs: 1,
        rightsUntilMs: 0,
        version: 1,
      }
      members.set(memberId, {
        member,
        credentials: [
          { tenantId: `${memberId}-h1`, kind: 'HOST_ACCOUNT', secrets },
          { tenantId: `${memberId}-rooms`, kind: 'ROOMS', secrets },
        ],
      })
    },
    remove: (memberId: string) => members.delete(memberId),
    listMembers: async () => ({ members: [...members.values()].map(({ member }) => member) }),
    getMember: async ({ memberId }: { memberId: string }) => {
      const found = members.get(memberId)
      if (!found) throw Object.assign(new Error('no such member'), { code: 5 })
      return { member: found.member, profile: undefined }
    },
    getCredentials: async ({ memberId }: { memberId: string }) => ({
      credentials: members.get(memberId)?.credentials ?? [],
    }),
  }
}

type TestNode = { nodeId: string; url: string; secret: string }

/** Answers as node-orchestration does: turn by turn on its nodes, one live placement for each meeting. */
export function orchestrationPeer(nodes: readonly TestNode[]) {
  const live = new Map<string, LivePlacement>()
  const hints: string[] = []
  const peer = {
    isDown: false,
    hints,
    live,
    end: (meetingKey: string) => live.delete(meetingKey),
    locate: async ({ tenantId, memberId, externalMeetingId, recorded }: LocateRequest) => {
      if (peer.isDown) throw Object.assign(new Error('away'), { code: 14 })
      const meetingKey = `${tenantId}-${Buffer.from(externalMeetingId).toString('hex')}`
      const node = nodes[live.size % nodes.length]
      if (!node) throw Object.assign(new Error('no node'), { code: 8 })
      const placement: Placement = {
        placementId: `${meetingKey}.1`,
        meetingKey,
        tenantId,
        memberId,
        nodeId: node.nodeId,
        internalMeetingId: '',
        status: 'RESERVED',
        recorded,
        placedAtMs: 1,
        startedAtMs: 0,
        endedAtMs: 0,
        participantsPeak: 0,
        participantMinutes: 0,
      }
      const found = live.get(meetingKey) ?? {
        placement,
        externalMeetingId,
        callbackToken: `token-of-${meetingKey}`,
        version: 1,
      }
      live.set(meetingKey, found)
      return { live: found }
    },
    confirm: async ({ placementId }: { placementId: string }) => {
      hints.push(placementId)
      return {}
    },
    listPlacements: async () => {
      if (peer.isDown) throw Object.assign(new Error('away'), { code: 14 })
      return { placements: [...live.values()] }
    },
    listNodeAccess: async () => ({ nodes: nodes.map(({ nodeId, url, secret }) => ({ nodeId, url, secret })) }),
  }
  return peer
}

/** Answers as recording-storage does, with the recordings that the test gives. */
export function recordingPeer() {
  const asked: ListRecordingsRequest[] = []
  const recordings: RecordingDetail[] = []
  return {
    asked,
    recordings,
    listRecordings: async (request: ListRecordingsRequest) => {
      asked.push(request)
      return { recordings, total: recordings.length }
    },
  }
}
