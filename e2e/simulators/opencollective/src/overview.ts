// What the control API and the page show.
import type { Order, World } from './model.ts'
import type { Sending } from './sandbox.ts'
import type { Delivery } from './webhook-sender.ts'
import { tierOf } from './world.ts'

/** The collective, its tiers and its newest orders, newest first. */
export function overview(world: World, nowMs: number, limit: number) {
  const { slug, name, legacyId } = world.collective
  return {
    now: new Date(nowMs).toISOString(),
    collective: { slug, name, legacyId },
    webhookUrl: world.webhookUrl,
    tiers: world.tiers,
    orderCount: world.orders.size,
    orders: [...world.orders.values()]
      .slice(-limit)
      .reverse()
      .map((order) => orderSummary(world, order)),
  }
}

export function orderSummary(world: World, order: Order) {
  const from = world.accounts.get(order.fromAccountId)!
  const { legacyId, publicId, status, frequency, amountMinor, currency, failuresToCome, retries } = order
  return {
    ...{ legacyId, publicId, status, frequency, amountMinor, currency, failuresToCome, retries },
    tierSlug: tierOf(world, order)?.slug ?? null,
    tierId: order.tierId,
    from: { legacyId: from.legacyId, slug: from.slug, name: from.name, isIncognito: from.isIncognito },
    createdAt: toDate(order.createdAtMs),
    lastChargedAt: toDate(order.lastChargedAtMs),
    nextChargeDate: toDate(order.nextChargeAtMs),
  }
}

/** Waits for the outcomes of webhooks, at most `waitMs`; those still under way are reported as `sending`. */
export async function waitForOutcomes(sendings: Sending[], waitMs: number) {
  if (sendings.length > 0 && waitMs > 0) {
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(late.resolve, waitMs)
    await Promise.race([Promise.all(sendings.map(({ outcome }) => outcome)), late.promise])
    clearTimeout(timer)
  }
  return sendings.map(({ delivery }) => outcomeOf(delivery))
}

function outcomeOf({ id, type, status, httpStatus, error }: Delivery) {
  return { id, type, status, httpStatus, error }
}

function toDate(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
