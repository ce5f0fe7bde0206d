import { done, type Handlers } from '@meetcoop/bus'
import { withLimit } from '../space/space.ts'
import type { Spaces } from '../store.ts'
import type { FitToRights } from './fit-to-rights.ts'

/** The member's space is another one. */
export const onEntitlementsSet =
  (spaces: Spaces, fitToRights: FitToRights): NonNullable<Handlers['EntitlementsSet']> =>
  async ({ id, version, data: { memberId, entitlements } }) => {
    await spaces.change(memberId, (space) => withLimit(space, entitlements?.recordingSpaceBytes ?? 0, version))
    await fitToRights(memberId, id)
    return done
  }
