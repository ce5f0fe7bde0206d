import type { Step, Webhook } from '../story.ts'
import { hour } from '../world.ts'

/** 1. Somebody becomes a monthly contributor; OpenCollective fires its webhook once. */
export const contribute: Step = {
  title: 'a contributor takes the micro-organisation tier',
  run: async (story) => {
    const { world } = story
    const made = await world.http('POST', `${world.endpoints.sandbox.opencollective}/sandbox/contributions`, {
      tierSlug: 'micro-organisation',
      name: 'Ateneu del Barri',
      email: 'ateneu@example.org',
      frequency: 'MONTHLY',
      organisation: true,
    })
    story.orderId = Number(made.legacyId)
    const webhooks = made.webhooks as Webhook[]
    const sent = webhooks.map((webhook) => `${webhook.type} → ${String(webhook.status)}`).join(', ')
    return { detail: `order ${story.orderId}; ${sent}`, link: world.endpoints.sandbox.opencollective }
  },
}

const webhookPatienceMs = 15_000

/** 2. billing asks OpenCollective and decides. A webhook that got lost is repaired by the hourly sweep. */
export const decideContribution: Step = {
  title: 'billing asks OpenCollective what the order is worth',
  run: async ({ world, orderId }) => {
    const contributionId = `oc-${orderId}`
    const started = (withinMs?: number) =>
      world.event(
        'ContributionStarted',
        ({ contribution }) => contribution?.contributionId === contributionId,
        withinMs,
      )
    let how = 'told by the webhook'
    const event = await started(webhookPatienceMs).catch(() => {
      how = 'the webhook was lost; found by the sweep'
      world.moveClock(hour)
      return started()
    })
    const { tierId, amountMinor, currency } = event.data.contribution ?? { tierId: '', amountMinor: 0, currency: '' }
    return {
      detail: `ContributionStarted: ${tierId}, ${(amountMinor / 100).toFixed(2)} ${currency} a month (${how})`,
      event,
    }
  },
}
