import type { House } from '@meetcoop/service'
import { currentTraceparent } from '@meetcoop/store'
import type { Metrics } from '../metrics.ts'
import { ordersPerPage, type OpenCollectiveClient } from '../opencollective/client.ts'
import type { Collections } from '../store.ts'
import type { Observe } from './observe.ts'
import { want } from './want.ts'

type Needs = {
  house: House
  collections: Collections
  client: OpenCollectiveClient
  observe: Observe
  metrics: Metrics
  /** Real time between two pages, so that sweeping leaves room for look-ups. */
  pageEveryMs: number
  onSwept(): void
}

/** A sweep under way: which page comes next, and when. */
type Sweep = { causeId: string; startedAtMs: number; page: number; seen: number; nextPageRealMs: number }

const askedEveryMs = 60_000
const retryAfterMs = 10_000
const pagesMax = 200
const missingMax = 50

/**
 * Looks at all orders, as often as coop.yaml says, at start, and when a webhook says that something has happened but
 * not to which order. So a change that OpenCollective tells nobody about, or told while we were away, is found.
 */
export function orderSweep({ house, collections, client, observe, metrics, pageEveryMs, onSwept }: Needs) {
  const everyMs = house.coop.opencollective.sweepEveryMinutes * 60_000
  let sweep: Sweep | undefined
  let sweptAtMs: number | undefined
  let startedRealMs = 0
  let failed = false
  let asked = false

  const isDue = () => {
    const sinceStartMs = Date.now() - startedRealMs
    if (failed && sinceStartMs < retryAfterMs) return false
    const nowMs = house.clock.nowMs()
    const byTime = sweptAtMs === undefined || nowMs - sweptAtMs >= everyMs || nowMs < sweptAtMs
    return byTime || (asked && sinceStartMs >= askedEveryMs)
  }

  const begin = (): Sweep => {
    startedRealMs = Date.now()
    asked = false
    const causeId = `sweep-${startedRealMs}`
    return { causeId, startedAtMs: house.clock.nowMs(), page: 0, seen: 0, nextPageRealMs: startedRealMs }
  }

  /** The sweep with one more page behind it; undefined when that was the last. */
  const step = async (at: Sweep): Promise<Sweep | undefined> => {
    const observedAtMs = Date.now()
    const { totalCount, orders, unreadable } = await client.orderPage(at.page * ordersPerPage)
    if (unreadable > 0) house.log.warn({ unreadable }, 'orders of OpenCollective can not be read')
    for (const order of orders) await observe(order, { causeId: at.causeId, observedAtMs })
    const seen = at.seen + orders.length + unreadable
    if (seen >= totalCount || at.page + 1 >= pagesMax) return finish(at, seen)
    if (orders.length + unreadable === 0) throw new Error('OpenCollective’s list of orders ends before its end')
    return { ...at, seen, page: at.page + 1, nextPageRealMs: observedAtMs + pageEveryMs }
  }

  const finish = async ({ causeId, startedAtMs }: Sweep, seen: number): Promise<undefined> => {
    // An empty list is no reason to ask for each order one by one, and none to end anything.
    if (seen === 0 && (await collections.contributions.count()) > 0)
      throw new Error('OpenCollective shows no orders where there were some; nothing is changed')
    await lookForMissing(causeId, startedAtMs)
    sweptAtMs = startedAtMs
    metrics.sweeps.inc({ outcome: 'done' })
    onSwept()
  }

  // Rights that should have ended, of orders that the list does not show: each is asked for before anything ends.
  const lookForMissing = async (causeId: string, beforeMs: number): Promise<void> => {
    const hint = { causeId, hintedAtMs: Date.now(), traceparent: currentTraceparent() }
    for (const { id } of await collections.contributions.find('rightsEndAtMs', { to: beforeMs }, missingMax))
      await want(collections.lookUps, Number(id.slice('oc-'.length)), hint)
  }

  return {
    /** Sweeps soon, at most once a minute. */
    ask: () => void (asked = true),
    /** Goes on by one page if it is time to. */
    run: async (): Promise<void> => {
      if (!sweep && isDue()) sweep = begin()
      if (!sweep || Date.now() < sweep.nextPageRealMs) return
      const at = sweep
      sweep = undefined
      failed = true
      try {
        sweep = await step(at)
        failed = false
      } finally {
        if (failed) {
          asked = true
          metrics.sweeps.inc({ outcome: 'outage' })
        }
      }
    },
  }
}
