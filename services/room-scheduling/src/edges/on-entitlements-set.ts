import { done, type Handlers } from '@meetcoop/bus'
import { limitFromWire } from '@meetcoop/contracts'
import type { Collections } from '../store.ts'

/** The member's rights are others. What is open stays; what they cover is asked when it is used. */
export const onEntitlementsSet =
  ({ rights }: Collections): NonNullable<Handlers['EntitlementsSet']> =>
  async ({ version, data: { memberId, entitlements } }) => {
    await rights.keepNewest(memberId, version, {
      personalRooms: limitFromWire(entitlements?.personalRooms),
      sessionMinutes: limitFromWire(entitlements?.sessionMinutes),
      recordingSpaceBytes: entitlements?.recordingSpaceBytes ?? 0,
    })
    return done
  }
