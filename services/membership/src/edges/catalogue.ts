import { limitToWire } from '@meetcoop/contracts'
import type { CoopConfig } from '@meetcoop/service'
import type { Catalogue } from '../member/catalogue.ts'

/** The tiers of coop.yaml with the rights that they give. */
export const catalogueOf = ({ basicTier, tiers }: CoopConfig): Catalogue => ({
  basicTier,
  tiers: tiers.map(({ id, personalRooms, sessionMinutes, hostAccounts, recordingSpaceBytes, vote }) => ({
    id,
    rights: {
      personalRooms: limitToWire(personalRooms),
      sessionMinutes: limitToWire(sessionMinutes),
      hostAccounts,
      recordingSpaceBytes,
      vote,
    },
  })),
})
