import type { Limit as WireLimit } from '../gen/membership/v1/entitlements.ts'

/** A bound that may be absent on purpose: unlimited is a value, not a big number. */
export type Limit = number | 'unlimited'

/** Whether one more fits when `used` are taken. */
export const fits = (limit: Limit, used: number): boolean => limit === 'unlimited' || used < limit

export const limitToWire = (limit: Limit): WireLimit => ({
  bound: limit === 'unlimited' ? { $case: 'unlimited', value: true } : { $case: 'atMost', value: limit },
})

/** A limit that says nothing allows nothing. */
export const limitFromWire = (wire: WireLimit | undefined): Limit =>
  wire?.bound?.$case === 'unlimited' ? 'unlimited' : (wire?.bound?.value ?? 0)
