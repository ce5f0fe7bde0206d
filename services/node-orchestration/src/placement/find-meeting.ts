import type { Placement } from '@meetcoop/contracts/node-orchestration'
import type { Collection } from '@meetcoop/store'
import { isSignedFor, readCallbackToken } from './meeting-ids.ts'
import type { Meeting } from './placement.ts'

export type FindMeeting = ReturnType<typeof findingMeetings>

/** Finds placements, also ended ones, by what nodes call them. */
export function findingMeetings(meetings: Collection<Meeting>, callbackKey: string) {
  const newestFirst = ({ latest, past }: Meeting): Placement[] => [...past, ...(latest ? [latest] : [])].toReversed()
  return {
    byInternalId: async (internalMeetingId: string): Promise<Placement | undefined> => {
      const prefix = internalMeetingId.slice(0, internalMeetingId.indexOf('-'))
      const [stored] = prefix ? await meetings.find('internal_prefix', { from: prefix, to: prefix }, 1) : []
      return stored && newestFirst(stored.state).find((each) => each.internalMeetingId === internalMeetingId)
    },

    byCallbackToken: async (token: string): Promise<Placement | undefined> => {
      const claimed = readCallbackToken(token)
      const stored = claimed && (await meetings.get(claimed.meetingKey))
      const placement = stored && newestFirst(stored.state).find((each) => each.placementId === claimed.placementId)
      return placement && isSignedFor(callbackKey, token, placement) ? placement : undefined
    },
  }
}
