// Which tier and which amount OpenCollective accepts.
import type { Frequency, Tier, World } from './model.ts'
import type { Refusal } from './refusal.ts'

/** The tier that a request names, null when it names none. */
export function findTier(world: World, named: { tierSlug?: string; tierId?: number }): Tier | null | Refusal {
  if (named.tierSlug === undefined && named.tierId === undefined) return null
  const tier = world.tiers.find(({ slug, legacyId }) => slug === named.tierSlug || legacyId === named.tierId)
  return tier ?? { refused: `no such tier: ${named.tierSlug ?? named.tierId}` }
}

export function frequencyOf(tier: Tier | null): Frequency {
  return tier?.interval === 'month' ? 'MONTHLY' : tier?.interval === 'year' ? 'YEARLY' : 'ONETIME'
}

/** A tier's price for a period: a year of a monthly tier costs twelve months. */
export function priceMinor(tier: Tier, frequency: Frequency): number {
  return tier.interval === 'month' && frequency === 'YEARLY' ? tier.amountMinor * 12 : tier.amountMinor
}

export function amountRefusal(tier: Tier | null, amountMinor: number): Refusal | null {
  if (amountMinor < 100) return { refused: 'Invalid amount.' }
  return tier && amountMinor < tier.amountMinor ? { refused: 'Amount is incorrect for this Tier.' } : null
}
