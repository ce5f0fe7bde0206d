import type { Jobs } from '@meetcoop/service'
import { inTrace, type Stored } from '@meetcoop/store'
import type { Collections, InboxRow, LookUp } from '../store.ts'
import type { LookUpJob } from './look-up.ts'
import { want } from './want.ts'

const rowsPerRound = 500
const dueMax = 500
const readdAfterMs = 20_000
const addedMax = 10_000

type Needs = { collections: Collections; jobs: Jobs<LookUpJob>; askForSweep(): void }

/** Takes up the hints that wait in the inbox, and sees to it that every order that is due has its job. */
export function inboxLoop({ collections, jobs, askForSweep }: Needs) {
  const { inbox, lookUps } = collections
  // Redis knows which jobs wait; this only saves asking it for each of them at each webhook.
  const added = new Map<string, number>()

  const takeUp = async ({ id, version, state }: Stored<InboxRow>): Promise<void> => {
    const { hint, waitingSinceMs, traceparent } = state
    if (hint === 'all') askForSweep()
    if (typeof hint === 'number')
      await want(lookUps, hint, { causeId: id, hintedAtMs: waitingSinceMs ?? 0, traceparent })
    await inbox.write({ id, expectedVersion: version, state: { ...state, waitingSinceMs: null } })
  }

  const addDue = async (): Promise<void> => {
    const nowMs = Date.now()
    if (added.size > addedMax) added.clear()
    const due = await lookUps.find('dueAtMs', { to: nowMs }, dueMax)
    const missing = due.filter(({ id }) => nowMs - (added.get(id) ?? 0) >= readdAfterMs)
    const add = async ({ id, state: { orderLegacyId, traceparent } }: Stored<LookUp>) => {
      await inTrace(traceparent, () => jobs.add(id, { orderLegacyId }))
      added.set(id, nowMs)
    }
    await Promise.all(missing.map(add))
  }

  return {
    run: async (): Promise<void> => {
      for (const row of await inbox.find('waitingSinceMs', {}, rowsPerRound)) await takeUp(row)
      await addDue()
    },
    /** The order's job is over: a later hint may have one at once. */
    ended: (id: string) => void added.delete(id),
  }
}
