// Money moving: charges, their failures and refunds, on the sandbox clock.
import { firstRenewalMs, maxRetries, nextAttemptMs, nextRenewalMs } from './calendar.ts'
import { publicId } from './ids.ts'
import type { Activity, Order, Transaction, World } from './model.ts'
import { intervalOf, memberCreated, orderProcessed } from './webhook-payload.ts'
import { memberKey, nextId, pushBounded, record } from './world.ts'

/** A jump of the clock may owe many charges; those beyond this bound follow at the next tick. */
const maxChargesPerTick = 5_000

/** Makes every charge whose date has passed, each dated when it was due, and returns what happened in that order. */
export function chargeWhatIsDue(world: World, nowMs: number): Activity[] {
  const happened: Activity[] = []
  let charges = 0
  for (
    let due = dueOrders(world, nowMs);
    due.length > 0 && charges < maxChargesPerTick;
    due = dueOrders(world, nowMs)
  ) {
    for (const order of due.slice(0, maxChargesPerTick - charges)) {
      happened.push(renew(world, order))
      charges++
    }
  }
  return happened
}

/** The charge made at joining. A first contribution to a tier also makes a member. */
export function firstCharge(world: World, order: Order, nowMs: number): Activity[] {
  const from = world.accounts.get(order.fromAccountId)!
  const happened: Activity[] = []
  const key = memberKey(from.legacyId, order.tierId)
  if (!world.memberSinceMs.has(key)) {
    world.memberSinceMs.set(key, nowMs)
    happened.push(record(world, order, 'collective.member.created', memberCreated(from, order, nowMs), nowMs))
  }
  const interval = intervalOf(order.frequency)
  order.status = interval ? 'ACTIVE' : 'PAID'
  order.nextPeriodAtMs = interval ? firstRenewalMs(nowMs, interval) : null
  order.nextChargeAtMs = order.nextPeriodAtMs
  happened.push(paid(world, order, nowMs, true))
  return happened
}

/** Gives the last charge back. Null when there is none left to give back. The order itself goes on. */
export function refund(world: World, order: Order, nowMs: number): Activity | null {
  const charge = order.transactions.findLast((row) => row.type === 'CREDIT' && !row.isRefund && !row.isRefunded)
  if (!charge) return null
  for (const row of order.transactions) if (row.group === charge.group) row.isRefunded = true
  enterPair(world, order, -charge.amountMinor, nowMs, true)
  order.updatedAtMs = nowMs
  return record(world, order, 'contribution.refunded', {}, nowMs)
}

function dueOrders(world: World, nowMs: number): Order[] {
  return [...world.orders.values()]
    .filter((order) => order.status === 'ACTIVE' || order.status === 'ERROR')
    .filter((order) => order.nextChargeAtMs !== null && order.nextChargeAtMs <= nowMs)
    .sort((a, b) => a.nextChargeAtMs! - b.nextChargeAtMs!)
}

function renew(world: World, order: Order): Activity {
  const atMs = order.nextChargeAtMs!
  order.updatedAtMs = atMs
  if (order.failuresToCome > 0) return fail(world, order, atMs)
  order.status = 'ACTIVE'
  order.retries = 0
  order.nextPeriodAtMs = nextRenewalMs(order.nextPeriodAtMs!, intervalOf(order.frequency)!)
  order.nextChargeAtMs = order.nextPeriodAtMs
  return paid(world, order, atMs, false)
}

/** Retries exhausted end in CANCELLED with nothing but this same `payment.failed`. */
function fail(world: World, order: Order, atMs: number): Activity {
  order.failuresToCome--
  order.retries++
  order.status = order.retries >= maxRetries ? 'CANCELLED' : 'ERROR'
  order.nextChargeAtMs = nextAttemptMs(atMs, order.retries)
  return record(world, order, 'payment.failed', {}, atMs)
}

function paid(world: World, order: Order, atMs: number, firstPayment: boolean): Activity {
  enterPair(world, order, order.amountMinor, atMs, false)
  order.lastChargedAtMs = atMs
  const parties = {
    from: world.accounts.get(order.fromAccountId)!,
    collective: world.collective,
    host: world.host,
  }
  return record(world, order, 'order.processed', orderProcessed(parties, order, firstPayment), atMs)
}

/** Both sides of a payment; a positive amount goes to the collective. */
function enterPair(world: World, order: Order, amountMinor: number, atMs: number, isRefund: boolean): void {
  const group = crypto.randomUUID()
  const side = (accountId: number, signedMinor: number): Transaction => ({
    legacyId: nextId(world, 'transaction'),
    publicId: publicId('tx'),
    group,
    accountId,
    type: signedMinor > 0 ? 'CREDIT' : 'DEBIT',
    amountMinor: signedMinor,
    currency: order.currency,
    createdAtMs: atMs,
    isRefund,
    isRefunded: false,
    isDisputed: false,
  })
  pushBounded(order.transactions, side(order.fromAccountId, -amountMinor))
  pushBounded(order.transactions, side(world.collective.legacyId, amountMinor))
}
