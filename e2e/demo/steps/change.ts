import assert from 'node:assert/strict'
import { MembershipQueryServiceService, type MembershipQueryServiceServer } from '@meetcoop/contracts/membership'
import type { Step, Story } from '../story.ts'
import { day, hour, minute } from '../world.ts'

const memberNow = async ({ world, memberId }: Story) => {
  const membership = world.ask<MembershipQueryServiceServer>('membership', MembershipQueryServiceService)
  const { member } = await world.until('the member', () => membership.getMember({ memberId }))
  assert.ok(member)
  return member
}

/** 8. The contribution is raised; no webhook comes, the sweep finds it. */
export const raise: Step = {
  title: 'the contribution is raised; no webhook tells, the sweep finds it',
  run: async (story) => {
    const { world, orderId, memberId } = story
    const order = `${world.endpoints.sandbox.opencollective}/sandbox/orders/${orderId}`
    const changed = await world.http('POST', `${order}/change`, { tierSlug: 'small-organisation' })
    assert.deepEqual(changed.webhooks, [], 'OpenCollective tells nobody of a raise')
    world.moveClock(hour)
    const isRaised = (data: { memberId: string; tierId: string }) =>
      data.memberId === memberId && data.tierId === 'small-organisation'
    const event = await world.event('EntitlementsSet', isRaised)
    assert.equal(event.data.entitlements?.hostAccounts, 5)
    await world.event('HostAccountOpened', (data) => data.hostAccountId === `${memberId}-h5`)
    return { detail: '5 host accounts, 50 GB', event }
  },
}

/** 9. It is cancelled: rights stay until paid-through and grace, then the member is a basic user. */
export const cancel: Step = {
  title: 'it cancels; rights stay until paid-through and grace, then lapse',
  run: async (story) => {
    const { world, orderId, memberId } = story
    await world.http('POST', `${world.endpoints.sandbox.opencollective}/sandbox/orders/${orderId}/cancel`, {})
    const contributionId = `oc-${orderId}`
    const ended = (withinMs?: number) =>
      world.event('ContributionEnded', ({ contribution }) => contribution?.contributionId === contributionId, withinMs)
    const event = await ended(webhookPatienceMs).catch(() => {
      world.moveClock(hour)
      return ended()
    })
    const rightsUntilMs = event.data.contribution?.rightsUntilMs ?? 0
    assert.ok(rightsUntilMs > world.nowMs() + 20 * day, 'grace is shorter than OpenCollective tries to charge')
    world.moveClock(rightsUntilMs - day - world.nowMs())
    assert.equal((await memberNow(story)).tierId, 'small-organisation', 'rights ended before their time')
    world.moveClock(day + minute)
    const isBasic = (data: { memberId: string; tierId: string }) =>
      data.memberId === memberId && data.tierId === 'basic-user'
    const lapsed = await world.event('EntitlementsSet', isBasic)
    await world.event('TierLapsed', (data) => data.memberId === memberId)
    await world.event('HostAccountClosed', (data) => data.hostAccountId === `${memberId}-h1`)
    assert.deepEqual(lapsed.data.entitlements?.personalRooms?.bound, { $case: 'atMost', value: 1 })
    assert.deepEqual(lapsed.data.entitlements?.sessionMinutes?.bound, { $case: 'atMost', value: 60 })
    assert.equal(lapsed.data.entitlements?.recordingSpaceBytes, 0)
    await lockedNotDeleted(story)
    return {
      detail: `basic-user since ${new Date(rightsUntilMs).toISOString().slice(0, 10)} (sandbox time); recording locked`,
      event: lapsed,
    }
  },
}

// An order is looked up once a minute at most, however many webhooks come: so soon after the last time the sweep is faster.
const webhookPatienceMs = 2_000

async function lockedNotDeleted({ world, recordingId, playbackUrl }: Story): Promise<void> {
  const withdrawn = await world.event('RecordingWithdrawn', (data) => data.recording?.recordingId === recordingId)
  assert.equal(withdrawn.data.recording?.locked, true)
  assert.equal((await fetch(playbackUrl)).status, 403, 'a locked recording still plays')
}
