import type { House } from '@meetcoop/service'
import { createdAtMs } from '../meeting-id.ts'
import type { Recordings } from '../store.ts'

const batchMax = 500
const concurrency = 2
const pauseFirstMs = 1_000
const pauseLastMs = 1_800_000
const triedMax = 5_000

type Tried = { times: number; notBeforeMs: number }

/**
 * Queues an import for each recording that is not here yet, and runs it. The store says what is to be done, so a queue
 * that was emptied is filled again; a recording that cannot be had is asked for less and less often.
 */
export function sweepImports(house: House, recordings: Recordings, run: (recordingId: string) => Promise<void>) {
  const tried = new Map<string, Tried>()
  const attempt = async ({ recordingId }: { recordingId: string }) => {
    try {
      await run(recordingId)
      tried.delete(recordingId)
    } catch (error) {
      const times = (tried.get(recordingId)?.times ?? 0) + 1
      if (tried.size >= triedMax) tried.clear()
      const pauseMs = Math.min(pauseLastMs, pauseFirstMs * 2 ** Math.min(times - 1, 20))
      tried.set(recordingId, { times, notBeforeMs: performance.now() + pauseMs })
      throw error
    }
  }
  const jobs = house.jobs({ name: 'recording-import', run: attempt, concurrency })
  // Round by round through all that wait, so that many which cannot be had do not stand before those that can.
  let from = 0
  return async () => {
    const waiting = await recordings.find('waiting', { from }, batchMax)
    from = waiting.length < batchMax ? 0 : createdAtMs(waiting.at(-1)!.id)
    const due = waiting.filter(({ id }) => performance.now() >= (tried.get(id)?.notBeforeMs ?? 0))
    for (const { id } of due) await jobs.add(`import-${id}`, { recordingId: id })
  }
}
