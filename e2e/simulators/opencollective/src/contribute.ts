// Somebody starts to give.
import { firstCharge } from './charges.ts'
import { publicId } from './ids.ts'
import { limits } from './model.ts'
import type { Account, Activity, Frequency, Order, Tier, World } from './model.ts'
import { amountRefusal, findTier, frequencyOf, priceMinor } from './pricing.ts'
import { isRefusal } from './refusal.ts'
import type { Refusal } from './refusal.ts'
import { addAccount, nextId, record } from './world.ts'

export type Wish = {
  tierSlug?: string
  tierId?: number
  name: string
  email?: string
  slug?: string
  frequency?: Frequency
  amountMinor?: number
  incognito?: boolean
  organisation?: boolean
  /** Promised, by bank transfer say, and not yet paid. */
  pending?: boolean
}

/** A new contribution, charged at once unless pending. Without a tier it needs an amount. */
export function contribute(
  world: World,
  wish: Wish,
  nowMs: number,
): { order: Order; activities: Activity[] } | Refusal {
  if (world.orders.size >= limits.orders) return { refused: `the sandbox holds ${limits.orders} orders, no more` }
  const tier = findTier(world, wish)
  if (isRefusal(tier)) return tier
  const frequency = wish.frequency ?? frequencyOf(tier)
  const amountMinor = wish.amountMinor ?? (tier ? priceMinor(tier, frequency) : 0)
  const tooLittle = amountRefusal(tier, amountMinor)
  if (tooLittle) return tooLittle
  const from = contributor(world, wish, nowMs)
  if (isRefusal(from)) return from
  const order = newOrder(world, from, tier, { frequency, amountMinor, nowMs })
  world.orders.set(order.legacyId, order)
  if (wish.pending) return { order, activities: [record(world, order, 'order.pending', {}, nowMs)] }
  return { order, activities: firstCharge(world, order, nowMs) }
}

function newOrder(
  world: World,
  from: Account,
  tier: Tier | null,
  terms: { frequency: Frequency; amountMinor: number; nowMs: number },
): Order {
  const { frequency, amountMinor, nowMs } = terms
  const often = { MONTHLY: 'Monthly f', YEARLY: 'Yearly f', ONETIME: 'F' }[frequency]
  return {
    legacyId: nextId(world, 'order'),
    publicId: publicId('or'),
    fromAccountId: from.legacyId,
    tierId: tier?.legacyId ?? null,
    status: 'PENDING',
    frequency,
    amountMinor,
    currency: tier?.currency ?? world.tiers[0]!.currency,
    description: `${often}inancial contribution to ${world.collective.name}${tier ? ` (${tier.name})` : ''}`,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    lastChargedAtMs: null,
    nextChargeAtMs: null,
    nextPeriodAtMs: null,
    subscriptionId: frequency === 'ONETIME' ? null : nextId(world, 'subscription'),
    retries: 0,
    failuresToCome: 0,
    transactions: [],
    activities: [],
  }
}

function contributor(world: World, wish: Wish, nowMs: number): Account | Refusal {
  const known = wish.slug !== undefined && world.accountIdBySlug.get(wish.slug)
  if (known) {
    const account = world.accounts.get(known)!
    return account.type === 'COLLECTIVE' ? { refused: `${account.slug} is the collective itself` } : account
  }
  return addAccount(world, {
    slug: wish.slug ?? (wish.incognito ? `incognito-${crypto.randomUUID().slice(0, 8)}` : slugOf(wish.name)),
    name: wish.incognito ? 'Incognito' : wish.name,
    type: wish.organisation ? 'ORGANIZATION' : 'USER',
    email: wish.email ?? null,
    isIncognito: wish.incognito ?? false,
    createdAtMs: nowMs,
  })
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  return slug || 'guest'
}
