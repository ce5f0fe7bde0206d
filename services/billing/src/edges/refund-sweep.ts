import type { House } from '@meetcoop/service'
import { currentTraceparent } from '@meetcoop/store'
import type { OpenCollectiveClient } from '../opencollective/client.ts'
import type { Collections } from '../store.ts'
import { want } from './want.ts'

/** The ledger may be late, and we may have been away. */
const overlapMs = 48 * 3_600_000
const rememberedMax = 10_000

type Needs = { house: House; collections: Pick<Collections, 'lookUps'>; client: OpenCollectiveClient }

/**
 * After each sweep asks the ledger which orders were refunded, and has those looked up: neither a webhook nor the list
 * of orders tells. It fails alone, since not every token may read the ledger.
 */
export function refundSweep({ house, collections: { lookUps }, client }: Needs) {
  const known = new Set<string>()
  let asked = false
  return {
    ask: () => void (asked = true),
    run: async (): Promise<void> => {
      if (!asked) return
      asked = false
      const refunds = await client.refunds(house.clock.nowMs() - overlapMs)
      if (known.size > rememberedMax) known.clear()
      for (const { id, orderLegacyId } of refunds.filter((refund) => !known.has(refund.id))) {
        const hint = { causeId: 'ledger', hintedAtMs: Date.now(), traceparent: currentTraceparent() }
        await want(lookUps, orderLegacyId, hint)
        known.add(id)
      }
    },
  }
}
