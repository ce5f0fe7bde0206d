import { done, never, type Handlers, type Outcome, type Received } from '@meetcoop/bus'
import type { House } from '@meetcoop/service'
import { execute } from '@meetcoop/store'
import { memberDecider } from '../member/member.ts'
import type { Collections } from '../store.ts'
import { catalogueOf } from './catalogue.ts'
import { memberIdOf } from './ids.ts'
import type { Profiles } from './profiles.ts'

type ContributionEvent =
  | 'ContributionStarted'
  | 'ContributionRenewed'
  | 'ContributionAltered'
  | 'ContributionInGrace'
  | 'ContributionEnded'
  | 'ContributionLapsed'
  | 'ContributionRefunded'

type Needs = { house: House; members: Collections['members']; profiles: Profiles }

/** Counts a contribution as billing now has it. Each event carries all of it, so one rule serves for all. */
export function onContribution({ house, members, profiles }: Needs): Handlers {
  const { coop, clock } = house
  const catalogue = catalogueOf(coop)
  const count = async (event: Received<ContributionEvent>): Promise<Outcome> => {
    const { contribution } = event.data
    if (!contribution) return never('the event carries no contribution')
    const { contributionId, contributorId, tierId, status, rightsUntilMs } = contribution
    const memberId = memberIdOf(contributorId)
    const counted = { contributionId, version: event.version, tierId, live: status !== 'LAPSED', rightsUntilMs }
    const nowMs = clock.nowMs()
    const command = { type: 'CountContribution', memberId, counted, catalogue, nowMs } as const
    await execute(members, memberDecider, { id: memberId, causeId: event.id, command, nowMs })
    // Rights do not wait for a name.
    if (event.type === 'ContributionStarted' || !(await profiles.known(memberId)))
      await profiles.want(memberId, contributionId)
    return done
  }
  return {
    ContributionStarted: count,
    ContributionRenewed: count,
    ContributionAltered: count,
    ContributionInGrace: count,
    ContributionEnded: count,
    ContributionLapsed: count,
    ContributionRefunded: count,
  }
}
