import type { LivePlacement, Placement, PlacementServiceServer } from '@meetcoop/contracts/node-orchestration'
import { QueryRefused, type Queries } from '@meetcoop/service'
import type { Collections } from '../store.ts'
import type { UsageLedger } from '../observe/usage-ledger.ts'
import type { Watch } from '../observe/watch.ts'
import { callbackTokenOf } from '../placement/meeting-ids.ts'
import type { Locate } from '../placement/locate.ts'
import type { Live, Placements } from '../placement/placements.ts'
import type { FindMeeting } from '../placement/find-meeting.ts'

type Answering = {
  callbackKey: string
  names: Collections['names']
  placements: Placements
  find: FindMeeting
  locate: Locate
  watch: Watch
  ledger: UsageLedger
  onError(error: unknown): void
}

const pageMax = 500

export function placementQueries(answering: Answering): Queries<PlacementServiceServer> {
  const { callbackKey, names, placements, find, locate, watch, ledger, onError } = answering

  const nameOf = async (meetingKey: string): Promise<string> => {
    const name = await names.get(meetingKey)
    if (!name) throw new Error(`the meeting ${meetingKey} has no name`)
    return name.state.externalMeetingId
  }
  const tell = ({ placement, version }: Live, externalMeetingId: string): LivePlacement => ({
    placement,
    externalMeetingId,
    callbackToken: callbackTokenOf(callbackKey, placement),
    version,
  })
  // Events tell of use when a meeting has ended; who lists living ones asks for now.
  const withUsage = (live: Live): Live => {
    const { nodeId, placementId } = live.placement
    return { ...live, placement: { ...live.placement, ...ledger.usage(nodeId, placementId) } }
  }
  const told = async (placement: Placement | undefined, missing: string) => {
    if (!placement) throw new QueryRefused('NOT_FOUND', missing)
    return { placement, externalMeetingId: await nameOf(placement.meetingKey) }
  }

  return {
    locate: async (request) => {
      const { tenantId, externalMeetingId, reserve } = request
      if (!/^[A-Za-z0-9_-]{1,100}$/.test(tenantId) || externalMeetingId === '' || externalMeetingId.length > 256)
        throw new QueryRefused('INVALID_ARGUMENT', 'a tenant id and a meeting id of at most 256 characters are needed')
      const live = reserve ? await locate.findOrReserve(request) : locate.find(request)
      if (!live && reserve) throw new QueryRefused('RESOURCE_EXHAUSTED', 'no node can take a meeting now')
      return { live: live && tell(live, externalMeetingId) }
    },

    confirm: async ({ placementId }) => {
      const live = placements.live.get(placementId.slice(0, placementId.lastIndexOf('.')))
      // Only a hint to look: nobody waits for it, and the sweep looks anyway.
      if (live?.placement.placementId === placementId) watch.look(live.placement.nodeId).catch(onError)
      return {}
    },

    listPlacements: async ({ after, limit }) => {
      const size = Math.min(limit || 100, pageMax)
      const keys = [...placements.live.keys()].filter((key) => key > after).toSorted()
      const page = keys.slice(0, size).flatMap((key) => placements.live.get(key) ?? [])
      return {
        placements: await Promise.all(
          page.map(async (live) => tell(withUsage(live), await nameOf(live.placement.meetingKey))),
        ),
      }
    },

    resolveCallback: async ({ callbackToken }) =>
      told(await find.byCallbackToken(callbackToken), 'this token is not ours'),

    findPlacement: async ({ internalMeetingId }) =>
      told(await find.byInternalId(internalMeetingId), 'no placement had this internal meeting id'),
  }
}
