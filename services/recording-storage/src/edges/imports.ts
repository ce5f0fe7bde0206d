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
 * The queue of recordings to be fetched. An event puts one in; the sweep puts in all that are not here yet, so a queue
 * that was emptied is filled again. A recording that cannot be had is asked for less and less often.
 */
export function openImports(house: House, recordings: Recordings, run: (recordingId: string) => Promise<void>) {
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
  const enqueue = (recordingId: string) => jobs.add(`import-${recordingId}`, { recordingId })

  // Round by round through all that wait, so that many which cannot be had do not stand before those that can.
  let from = 0
  const sweep = async () => {
    const waiting = await recordings.find('waiting', { from }, batchMax)
    from = waiting.length < batchMax ? 0 : createdAtMs(waiting.at(-1)!.id)
    const due = waiting.filter(({ id }) => performance.now() >= (tried.get(id)?.notBeforeMs ?? 0))
    for (const { id } of due) await enqueue(id)
  }
  return { enqueue, sweep }
}
