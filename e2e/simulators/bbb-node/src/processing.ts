import type { Recording } from './recording.ts'
import type { Recordings } from './recordings.ts'

/** Processes recordings, which takes real time, not the node's: it is work. onReady hears of each once published. */
export const createProcessing = (
  recordings: Recordings,
  delayMs: () => number,
  onReady: (recording: Recording) => void,
) => {
  const unfinished = recordings.all().filter(({ state }) => state === 'processing')
  const dueAtMs = new Map(unfinished.map(({ recordID }) => [recordID, Date.now() + delayMs()]))
  return {
    begin(recording: Recording): boolean {
      if (!recordings.add(recording)) return false
      dueAtMs.set(recording.recordID, Date.now() + delayMs())
      return true
    },
    tick(): void {
      for (const [recordID, at] of dueAtMs) {
        if (at > Date.now()) continue
        dueAtMs.delete(recordID)
        recordings.change([recordID], (recording) => ({ ...recording, state: 'published' }))
        const recording = recordings.find(recordID)
        if (recording?.state === 'published') onReady(recording)
      }
    },
  }
}
