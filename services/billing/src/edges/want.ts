import type { Collection } from '@meetcoop/store'
import { lookUpEveryMs, type LookUp } from '../store.ts'

type Hint = Pick<LookUp, 'causeId' | 'hintedAtMs' | 'traceparent'>

const attemptsMax = 8

/** Asks for an order to be looked up. However often it is asked, it is looked up once. */
export async function want(lookUps: Collection<LookUp>, orderLegacyId: number, hint: Hint): Promise<void> {
  const id = `order-${orderLegacyId}`
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const known = await lookUps.get(id)
    const lookedUpAtMs = known?.state.lookedUpAtMs ?? 0
    // The look-up that is still to begin will see what this hint is about.
    if (known?.state.wanted && lookedUpAtMs + lookUpEveryMs < hint.hintedAtMs) return
    const state = { orderLegacyId, wanted: true, lookedUpAtMs, unsettled: 0, ...hint }
    if (await lookUps.write({ id, expectedVersion: known?.version ?? 0, state })) return
  }
  throw new Error(`too many ask for ${id}`)
}
