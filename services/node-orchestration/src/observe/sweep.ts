import type { House } from '@meetcoop/service'
import { excused, faultIsOurs, verdictOn } from '../node/health.ts'
import type { Nodes } from '../node/nodes.ts'
import type { Placements } from '../placement/placements.ts'
import type { UsageLedger } from './usage-ledger.ts'
import type { Watch } from './watch.ts'

type Sweeping = {
  nodes: Nodes
  placements: Placements
  watch: Watch
  ledger: UsageLedger
  log: House['log']
  nowMs(): number
  monotonicMs(): number
}

const createMayTakeMs = 120_000
const keepUsageEveryMs = 30_000

/** One round over all nodes: look, judge those that are silent, give up what was lost with them or never came. */
export function sweeping({ nodes, placements, watch, ledger, log, nowMs, monotonicMs }: Sweeping) {
  const waitingSince = new Map<string, number>()
  let usageKeptAtMs = monotonicMs()
  let frozen = false

  const judge = async (): Promise<void> => {
    const judged = nodes.inService().filter(({ condition }) => condition !== 'lost')
    const silent = judged.filter(({ nodeId }) => watch.of(nodeId).health.badInRow > 0)
    const freeze = faultIsOurs(silent.length, judged.length)
    if (freeze !== frozen) log.error({ silent: silent.length, of: judged.length, freeze }, 'many nodes silent together')
    frozen = freeze
    if (freeze)
      for (const { nodeId } of silent) watch.setHealth(nodeId, excused(watch.of(nodeId).health, monotonicMs()))
    else
      for (const { nodeId, condition } of nodes.inService()) {
        const verdict = verdictOn(watch.of(nodeId).health, condition, monotonicMs())
        if (verdict) await nodes.act(nodeId, { type: 'judge', verdict })
      }
  }

  // From the state, not from the moment it changed: a crash in between leaves nothing behind.
  const giveUpLost = async (): Promise<void> => {
    for (const { nodeId } of nodes.all().filter(({ condition, retired }) => retired || condition === 'lost'))
      for (const { meetingKey, placementId } of placements.liveOn(nodeId)) {
        const usage = ledger.usage(nodeId, placementId)
        await placements.act(meetingKey, { type: 'lose', nodeId, usage, nowMs: nowMs() })
      }
  }

  const giveUpWaiting = async (): Promise<void> => {
    const waiting = [...placements.live.values()].filter(({ placement }) => placement.status === 'RESERVED')
    const ids = new Set(waiting.map(({ placement }) => placement.placementId))
    for (const id of waitingSince.keys()) if (!ids.has(id)) waitingSince.delete(id)
    for (const { placement } of waiting) {
      const { placementId, meetingKey } = placement
      const since = waitingSince.get(placementId) ?? monotonicMs()
      waitingSince.set(placementId, since)
      if (monotonicMs() - since >= createMayTakeMs)
        await placements.act(meetingKey, { type: 'expire', placementId, nowMs: nowMs() })
    }
  }

  return {
    isFrozen: () => frozen,
    sweep: async (): Promise<void> => {
      const looks = await Promise.allSettled(nodes.inService().map(({ nodeId }) => watch.look(nodeId)))
      await judge()
      await giveUpLost()
      await giveUpWaiting()
      if (monotonicMs() - usageKeptAtMs >= keepUsageEveryMs) {
        await ledger.keep()
        usageKeptAtMs = monotonicMs()
      }
      const failed = looks.find((look) => look.status === 'rejected')
      if (failed) throw failed.reason
    },
  }
}
