import type { House } from '@meetcoop/service'
import type { Stored } from '@meetcoop/store'
import type { Metrics } from '../metrics.ts'
import type { OpenCollectiveClient } from '../opencollective/client.ts'
import { refundedMinorOf } from '../opencollective/order.ts'
import { lookUpEveryMs, type Collections, type LookUp } from '../store.ts'
import type { Observe } from './observe.ts'

export type LookUpJob = { orderLegacyId: number }

type Needs = {
  house: House
  collections: Pick<Collections, 'lookUps'>
  client: OpenCollectiveClient
  observe: Observe
  metrics: Metrics
}

// A webhook may be faster than the order it tells of.
const unsettledStatuses = new Set(['NEW', 'PENDING', 'PROCESSING', 'REQUIRE_CLIENT_CONFIRMATION', 'IN_REVIEW'])
const unsettledMax = 3

/**
 * Looks an order up and decides on it. Each call at OpenCollective is written down before it is made, so that no crash
 * and no retry makes a second one within the minute; an outage leaves the order wanted.
 */
export function lookUp({ house, collections: { lookUps }, client, observe, metrics }: Needs) {
  const claim = async (id: string): Promise<Stored<LookUp> | undefined> => {
    const known = await lookUps.get(id)
    const nowMs = Date.now()
    if (!known?.state.wanted || nowMs - known.state.lookedUpAtMs < lookUpEveryMs) return undefined
    const state = { ...known.state, lookedUpAtMs: nowMs }
    const claimed = await lookUps.write({ id, expectedVersion: known.version, state })
    return claimed ? { ...known, state, version: known.version + 1 } : undefined
  }

  const ask = async (
    orderLegacyId: number,
    causeId: string,
  ): Promise<'changed' | 'unchanged' | 'foreign' | 'unsettled'> => {
    const observedAtMs = Date.now()
    const order = await client.order(orderLegacyId)
    if (!order || order.toAccount.slug !== house.coop.opencollective.slug) return 'foreign'
    const seen = { causeId: `${causeId}.${observedAtMs}`, observedAtMs, refundedMinor: refundedMinorOf(order) }
    const outcome = await observe(order, seen)
    return outcome !== 'changed' && unsettledStatuses.has(order.status) ? 'unsettled' : outcome
  }

  return async ({ orderLegacyId }: LookUpJob): Promise<void> => {
    const claimed = await claim(`order-${orderLegacyId}`)
    if (!claimed) return
    const { id, version, state } = claimed
    const outcome = await ask(orderLegacyId, state.causeId).catch((error: unknown) => {
      metrics.lookUps.inc({ outcome: 'outage' })
      throw error
    })
    metrics.lookUps.inc({ outcome })
    metrics.lag.observe((Date.now() - state.hintedAtMs) / 1000)
    const unsettled = outcome === 'unsettled' ? state.unsettled + 1 : unsettledMax
    // A hint that came meanwhile has made another version: then the order stays wanted.
    await lookUps.write({
      id,
      expectedVersion: version,
      state: { ...state, unsettled, wanted: unsettled < unsettledMax },
    })
  }
}
