// What a contributor, or the bank behind, can do to an order.
import { monthStartMs, renewalAfterIntervalChangeMs } from './calendar.ts'
import { firstCharge } from './charges.ts'
import type { Activity, Frequency, Order, World } from './model.ts'
import { amountRefusal, findTier, frequencyOf, priceMinor } from './pricing.ts'
import { isRefusal } from './refusal.ts'
import type { Refusal } from './refusal.ts'
import { intervalOf, subscriptionResumed, subscriptionStopped } from './webhook-payload.ts'
import { memberKey, record, tierOf } from './world.ts'

export type Change = { tierSlug?: string; tierId?: number; amountMinor?: number; frequency?: Frequency }

/** The promised money arrived. */
export function receive(world: World, order: Order, nowMs: number): Activity[] | Refusal {
  if (order.status !== 'PENDING') return wrongStatus(order)
  order.updatedAtMs = nowMs
  return [record(world, order, 'order.pending.received', {}, nowMs), ...firstCharge(world, order, nowMs)]
}

/** Another tier, amount or frequency. OpenCollective tells nobody: no activity, no webhook, no proration. */
export function change(world: World, order: Order, wish: Change, nowMs: number): Activity[] | Refusal {
  if (order.status !== 'ACTIVE' && order.status !== 'ERROR' && order.status !== 'PAUSED') return wrongStatus(order)
  const named = wish.tierSlug !== undefined || wish.tierId !== undefined
  const tier = named ? findTier(world, wish) : (tierOf(world, order) ?? null)
  if (isRefusal(tier)) return tier
  const frequency = wish.frequency ?? (named ? frequencyOf(tier) : order.frequency)
  const interval = intervalOf(frequency)
  if (!interval) return { refused: 'a recurring contribution stays MONTHLY or YEARLY' }
  const repriced = tier && (named || frequency !== order.frequency)
  const amountMinor = wish.amountMinor ?? (repriced ? priceMinor(tier, frequency) : order.amountMinor)
  const tooLittle = amountRefusal(tier, amountMinor)
  if (tooLittle) return tooLittle
  if (frequency !== order.frequency) {
    order.nextChargeAtMs = renewalAfterIntervalChangeMs(order.nextChargeAtMs!, nowMs, interval)
    order.nextPeriodAtMs = order.nextChargeAtMs
  }
  moveMember(world, order, tier?.legacyId ?? null)
  Object.assign(order, { frequency, amountMinor, tierId: tier?.legacyId ?? null, updatedAtMs: nowMs })
  return []
}

export function pause(world: World, order: Order, nowMs: number): Activity[] | Refusal {
  if (order.status !== 'ACTIVE') return wrongStatus(order)
  Object.assign(order, { status: 'PAUSED', updatedAtMs: nowMs })
  return [record(world, order, 'subscription.paused', subscriptionStopped(order, tierOf(world, order)), nowMs)]
}

/** Goes on; a charge missed while paused is made now, and only one. */
export function resume(world: World, order: Order, nowMs: number): Activity[] | Refusal {
  if (order.status !== 'PAUSED') return wrongStatus(order)
  Object.assign(order, { status: 'ACTIVE', updatedAtMs: nowMs })
  if (order.nextChargeAtMs! < nowMs) {
    order.nextChargeAtMs = nowMs
    order.nextPeriodAtMs = monthStartMs(nowMs, 0)
  }
  return [record(world, order, 'subscription.resumed', subscriptionResumed(order), nowMs)]
}

/** Ends the subscription. `silent` is how a cancel in PayPal's own pages arrives: no activity, no next charge date. */
export function cancel(world: World, order: Order, nowMs: number, silent: boolean): Activity[] | Refusal {
  if (!intervalOf(order.frequency) || order.status === 'CANCELLED') return wrongStatus(order)
  Object.assign(order, { status: 'CANCELLED', updatedAtMs: nowMs })
  if (!silent) {
    return [record(world, order, 'subscription.canceled', subscriptionStopped(order, tierOf(world, order)), nowMs)]
  }
  order.nextChargeAtMs = null
  return []
}

/** A chargeback: the subscription is off and the last charge is marked. */
export function dispute(world: World, order: Order, nowMs: number): Activity[] | Refusal {
  const charge = order.transactions.findLast((row) => row.type === 'CREDIT' && !row.isRefund)
  if (!charge || order.status === 'DISPUTED') return wrongStatus(order)
  for (const row of order.transactions) if (row.group === charge.group) row.isDisputed = true
  Object.assign(order, { status: 'DISPUTED', updatedAtMs: nowMs })
  return [record(world, order, 'order.dispute.created', {}, nowMs)]
}

function moveMember(world: World, order: Order, tierId: number | null): void {
  const key = memberKey(order.fromAccountId, order.tierId)
  const sinceMs = world.memberSinceMs.get(key)
  if (sinceMs === undefined || tierId === order.tierId) return
  world.memberSinceMs.delete(key)
  world.memberSinceMs.set(memberKey(order.fromAccountId, tierId), sinceMs)
}

function wrongStatus(order: Order): Refusal {
  return { refused: `order ${order.legacyId} is ${order.status} and ${order.frequency}` }
}
