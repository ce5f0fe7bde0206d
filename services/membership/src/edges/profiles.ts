import type { BillingQueryServiceServer } from '@meetcoop/contracts/billing'
import { isNotFound, type House, type Peer } from '@meetcoop/service'
import { currentTraceparent, inTrace, type Stored } from '@meetcoop/store'
import type { Collections, ProfileDocument } from '../store.ts'

const askEveryMs = 10_000
const wantedPerRound = 100
const nothing = { name: '', email: '', slug: '' }

type Needs = {
  house: House
  profiles: Collections['profiles']
  billing: Pick<Peer<BillingQueryServiceServer>, 'getContribution'>
}

export type Profiles = ReturnType<typeof openProfiles>

/** Who the members are. Billing is asked by a loop, so that its absence delays names and nothing else. */
export function openProfiles({ house, profiles, billing }: Needs) {
  const fetch = async ({ id, version, state }: Stored<ProfileDocument>): Promise<void> => {
    const { wanted } = state
    if (!wanted) return
    const { contributionId, traceparent } = wanted
    try {
      const { contributor } = await inTrace(traceparent, () => billing.getContribution({ contributionId }))
      const { name, email, slug } = contributor ?? state
      await profiles.write({ id, expectedVersion: version, state: { name, email, slug, wanted: null } })
    } catch (error) {
      if (isNotFound(error)) house.log.warn({ contributionId }, 'billing does not know who gives this contribution')
      // To the end of the line: one that can not be answered must not hold up the others.
      const waits = isNotFound(error) ? null : { ...wanted, sinceMs: Date.now() }
      await profiles.write({ id, expectedVersion: version, state: { ...state, wanted: waits } })
      if (waits) throw error
    }
  }
  const loop = house.loop({
    everyMs: askEveryMs,
    run: async () => {
      for (const profile of await profiles.find('wantedSinceMs', {}, wantedPerRound)) await fetch(profile)
    },
  })
  return {
    known: async (memberId: string): Promise<boolean> => (await profiles.get(memberId)) !== undefined,
    /** Asks for the profile of whoever gives the contribution. */
    want: async (memberId: string, contributionId: string): Promise<void> => {
      const known = await profiles.get(memberId)
      const wanted = { contributionId, sinceMs: Date.now(), traceparent: currentTraceparent() }
      const state = { ...nothing, ...known?.state, wanted }
      // A rival's write is a wish for the same profile.
      await profiles.write({ id: memberId, expectedVersion: known?.version ?? 0, state })
      loop.wake()
    },
  }
}
