// The `data` of each activity, as a webhook shows it: only what OpenCollective lets through.
import { idV2, stablePublicId } from './ids.ts'
import type { Account, Interval, Order, Tier } from './model.ts'

type Data = Record<string, unknown>

/** The interval that a frequency stands for; null when it is paid once. */
export function intervalOf(frequency: Order['frequency']): Interval | null {
  return frequency === 'MONTHLY' ? 'month' : frequency === 'YEARLY' ? 'year' : null
}

/** `collective.member.created`. `member.tier` is always null, as in reality: the tier is known from `order.TierId` only. */
export function memberCreated(member: Account, order: Order, sinceMs: number): Data {
  return {
    member: {
      role: 'BACKER',
      description: null,
      since: new Date(sinceMs).toISOString(),
      memberCollective: accountInfo(member),
      tier: null,
    },
    order: orderInfo(order),
  }
}

/** `order.processed`: one charge went through. */
export function orderProcessed(
  parties: { from: Account; collective: Account; host: Account },
  order: Order,
  firstPayment: boolean,
): Data {
  return {
    firstPayment,
    order: orderInfo(order),
    host: accountInfo(parties.host),
    collective: accountInfo(parties.collective),
    fromCollective: accountInfo(parties.from),
    ...(order.tierId === null ? {} : { tier: { idV2: idV2('tier', order.tierId), id: order.tierId } }),
  }
}

/** `subscription.canceled` and `subscription.paused`. */
export function subscriptionStopped(order: Order, tier: Tier | undefined): Data {
  return {
    subscription: { id: order.subscriptionId },
    order: orderInfo(order),
    tier: tier ? tierInfo(tier) : null,
  }
}

/** `subscription.resumed`: neither subscription nor tier. */
export function subscriptionResumed(order: Order): Data {
  return { order: orderInfo(order), tier: null }
}

function accountInfo(account: Account): Data {
  if (account.isIncognito) return { type: account.type, name: account.name }
  return {
    idV2: idV2('account', account.legacyId),
    publicId: account.publicId,
    id: account.legacyId,
    type: account.type,
    slug: account.slug,
    name: account.name,
  }
}

function tierInfo(tier: Tier): Data {
  return {
    idV2: idV2('tier', tier.legacyId),
    id: tier.legacyId,
    name: tier.name,
    amount: tier.amountMinor,
    currency: tier.currency,
    description: null,
    maxQuantity: null,
    publicId: stablePublicId('tier', tier.legacyId),
    ...formatted(tier.amountMinor, tier.currency, null),
  }
}

function orderInfo(order: Order): Data {
  const interval = intervalOf(order.frequency)
  return {
    idV2: idV2('order', order.legacyId),
    publicId: order.publicId,
    id: order.legacyId,
    totalAmount: order.amountMinor,
    currency: order.currency,
    description: order.description,
    tags: null,
    interval,
    createdAt: new Date(order.createdAtMs).toISOString(),
    quantity: 1,
    FromCollectiveId: order.fromAccountId,
    TierId: order.tierId,
    ...formatted(order.amountMinor, order.currency, interval),
  }
}

function formatted(amountMinor: number, currency: string, interval: Interval | null): Data {
  const formattedAmount = currencyFormat(currency).format(amountMinor / 100)
  return {
    formattedAmount,
    formattedAmountWithInterval: interval ? `${formattedAmount} / ${interval}` : formattedAmount,
  }
}

const currencyFormats = new Map<string, Intl.NumberFormat>()

/** Making a format costs far more than using it. The currencies are those of the tiers, so there are few. */
function currencyFormat(currency: string): Intl.NumberFormat {
  const known = currencyFormats.get(currency)
  if (known) return known
  const made = new Intl.NumberFormat('en-US', { style: 'currency', currency })
  currencyFormats.set(currency, made)
  return made
}
