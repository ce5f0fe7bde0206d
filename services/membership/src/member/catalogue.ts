import type { Entitlements } from '@meetcoop/contracts/membership'

/** The co-op's tiers with what each gives, from the least to the best: the order of coop.yaml. */
export type Catalogue = { basicTier: string; tiers: readonly { id: string; rights: Entitlements }[] }
