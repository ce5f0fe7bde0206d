import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Recording } from './recording.ts'

export const maxRecordings = 5000

export type Recordings = ReturnType<typeof createRecordings>

const read = (file: string): Recording[] => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Recording[]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/**
 * The recordings of one node, newest first. They outlive a crash, and with a folder a restart too: a real node has them
 * on disk. What was being processed when the process ended is processed after the next start.
 */
export const createRecordings = (stateDir: string | undefined) => {
  const file = stateDir === undefined ? undefined : join(stateDir, 'recordings.json')
  if (stateDir !== undefined) mkdirSync(stateDir, { recursive: true })
  let all: Recording[] = file === undefined ? [] : read(file)

  const save = (): void => {
    if (file === undefined) return
    writeFileSync(`${file}.new`, JSON.stringify(all))
    renameSync(`${file}.new`, file)
  }

  return {
    all: (): readonly Recording[] => all,
    find: (recordID: string): Recording | undefined => all.find((recording) => recording.recordID === recordID),
    /** False where the disk is full. */
    add(recording: Recording): boolean {
      if (all.length >= maxRecordings) return false
      all = [recording, ...all]
      save()
      return true
    },
    /** Changes those of these ids that exist and are not deleted, and tells how many. */
    change(recordIDs: readonly string[], change: (recording: Recording) => Recording): number {
      const chosen = (recording: Recording) => recording.state !== 'deleted' && recordIDs.includes(recording.recordID)
      const count = all.filter(chosen).length
      if (count > 0) {
        all = all.map((recording) => (chosen(recording) ? change(recording) : recording))
        save()
      }
      return count
    },
  }
}
