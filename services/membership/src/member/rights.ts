import type { Limit } from '@meetcoop/contracts'

/** What a tier gives. */
export type Rights = {
  personalRooms: Limit
  sessionMinutes: Limit
  hostAccounts: number
  recordingSpaceBytes: number
  vote: boolean
}

/** The co-op's tiers, from the least to the best. */
export type Catalogue = { basicTier: string; tiers: readonly ({ id: string } & Rights)[] }
