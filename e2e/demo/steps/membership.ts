import assert from 'node:assert/strict'
import { BillingQueryServiceService, type BillingQueryServiceServer } from '@meetcoop/contracts/billing'
import { MembershipQueryServiceService, type MembershipQueryServiceServer } from '@meetcoop/contracts/membership'
import type { Step } from '../story.ts'
import { memberOf } from './member-of.ts'

/** 3. membership admits the member, grants the tier with all its rights and opens its host accounts. */
export const admit: Step = {
  title: 'membership admits the member and opens its host accounts',
  run: async (story) => {
    const { world } = story
    const billing = world.ask<BillingQueryServiceServer>('billing', BillingQueryServiceService)
    const { contribution } = await world.until('the contribution', async () =>
      billing.getContribution({ contributionId: `oc-${story.orderId}` }),
    )
    story.memberId = memberOf(contribution?.contributorId ?? '')
    const mine = (data: { memberId: string }) => data.memberId === story.memberId
    await world.event('MemberAdmitted', mine)
    await world.event('TierGranted', (data) => mine(data) && data.tierId === 'micro-organisation')
    const event = await world.event('EntitlementsSet', (data) => mine(data) && data.tierId === 'micro-organisation')
    assert.equal(event.data.entitlements?.recordingSpaceBytes, 25_000_000_000)
    for (const id of [`${story.memberId}-h1`, `${story.memberId}-h2`])
      await world.event('HostAccountOpened', (data) => data.hostAccountId === id)
    const membership = world.ask<MembershipQueryServiceServer>('membership', MembershipQueryServiceService)
    story.hostAccounts = await world.until('the credentials', async () => {
      const { credentials } = await membership.getCredentials({ memberId: story.memberId })
      return credentials.filter((credential) => credential.kind === 'HOST_ACCOUNT')
    })
    assert.equal(story.hostAccounts.length, 2)
    return { detail: `${story.memberId}: 2 host accounts, 25 GB`, event }
  },
}
