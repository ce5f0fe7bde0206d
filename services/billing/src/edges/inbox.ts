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

  const takeUp = async (rows: readonly Stored<InboxRow>[]): Promise<void> => {
    if (rows.some(({ state }) => state.hint === 'all')) askForSweep()
    // One wish for each order, however many webhooks name it.
    const latest = new Map(rows.map((row) => [row.state.hint, row]))
    for (const [hint, { id, state }] of latest) {
      const { waitingSinceMs, traceparent } = state
      const why = { causeId: id, hintedAtMs: waitingSinceMs ?? Date.now(), traceparent }
      if (typeof hint === 'number') await want(lookUps, hint, why)
    }
  }

  const markTaken = ({ id, version, state }: Stored<InboxRow>): Promise<boolean> =>
    inbox.write({ id, expectedVersion: version, state: { ...state, waitingSinceMs: null } })

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
      const rows = await inbox.find('waitingSinceMs', {}, rowsPerRound)
      await takeUp(rows)
      try {
        await addDue()
      } finally {
        // Last, since nobody waits for it: what is taken up twice is looked up once all the same.
        for (const row of rows) await markTaken(row)
      }
    },
    /** The order's job is over: a later hint may have one at once. */
    ended: (id: string) => void added.delete(id),
  }
}
