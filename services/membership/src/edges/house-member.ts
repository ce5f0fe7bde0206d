import type { House } from '@meetcoop/service'
import { execute } from '@meetcoop/store'
import { memberDecider } from '../member/member.ts'
import type { Collections } from '../store.ts'
import { catalogueOf } from './catalogue.ts'
import { houseMemberId } from './ids.ts'

const contributionId = 'house'

/** The co-op is a member of its own, by a standing contribution that has no end. */
export async function admitHouse({ coop, clock }: House, members: Collections['members']): Promise<void> {
  const known = (await members.get(houseMemberId))?.state.contributions[contributionId]
  const { tier: tierId } = coop.house
  if (known?.tierId === tierId) return
  const catalogue = catalogueOf(coop)
  const counted = { contributionId, version: (known?.version ?? 0) + 1, tierId, live: true, rightsUntilMs: 0 }
  const nowMs = clock.nowMs()
  const command = { type: 'CountContribution', memberId: houseMemberId, counted, catalogue, nowMs } as const
  const causeId = `coop.yaml.${counted.version}`
  await execute(members, memberDecider, { id: houseMemberId, causeId, command, nowMs })
}
