import { randomBytes } from 'node:crypto'
import type { House } from '@meetcoop/service'
import { inTrace } from '@meetcoop/store'

export type Listing = {
  /** Lists again as soon as the pace allows. */
  nudge(): void
}

type Options = { everyMs(): number; list(): Promise<void> }

const tickMs = 500
const restMaxMs = 5_000
const restShare = 20

/**
 * Lists again every `everyMs` and soon after a nudge. It rests at least half a second and, as far as 5 seconds, twenty
 * times what the last list took: a co-op of 10,000 members costs hardly more than one of ten. A list that fails is
 * tried again at that pace and told once, not each time.
 */
export function keepListing(house: House, { everyMs, list }: Options): Listing {
  let nudged = true
  let endedAtMs = -Infinity
  let restMs = 0
  let failing = false
  const run = async () => {
    const startedAtMs = performance.now()
    const rested = startedAtMs - endedAtMs
    if (rested < (nudged ? restMs : Math.max(restMs, everyMs()))) return
    nudged = false
    try {
      await inTrace(unsampled(), list)
      failing = false
    } catch (error) {
      nudged = true
      if (failing) return
      failing = true
      throw error
    } finally {
      endedAtMs = performance.now()
      restMs = Math.min(Math.max(tickMs, restShare * (endedAtMs - startedAtMs)), restMaxMs)
    }
  }
  const loop = house.loop({ everyMs: tickMs, run })
  return {
    nudge: () => {
      nudged = true
      loop.wake()
    },
  }
}

/** A trace that nobody keeps: what the dashboard asks every second would push everything else off the shelf. */
const unsampled = () => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`
