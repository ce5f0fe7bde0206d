import { mkdirSync, rmSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

export type Shelf = ReturnType<typeof openShelf>

/**
 * The folder where recordings lie. A recording is gathered in `.incoming` and appears whole, by one rename, or not at
 * all. What a crash has left half gathered is removed here.
 */
export function openShelf(stateFolder: string) {
  const root = join(stateFolder, 'recordings')
  const incoming = join(root, '.incoming')
  rmSync(incoming, { recursive: true, force: true })
  mkdirSync(incoming, { recursive: true, mode: 0o700 })
  const gatheringIn = (recordingId: string) => join(incoming, recordingId)
  return {
    root,
    /** An empty folder for one format of the recording. */
    begin: async (recordingId: string, type: string): Promise<string> => {
      const folder = join(gatheringIn(recordingId), type)
      await rm(gatheringIn(recordingId), { recursive: true, force: true })
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return folder
    },
    /** Puts what was gathered in its place, for good. Replaces what a crash left there before it was told. */
    finish: async (recordingId: string, type: string): Promise<void> => {
      await syncFolder(join(gatheringIn(recordingId), type))
      await syncFolder(gatheringIn(recordingId))
      await rm(join(root, recordingId), { recursive: true, force: true })
      await rename(gatheringIn(recordingId), join(root, recordingId))
      await syncFolder(root)
    },
    abandon: (recordingId: string): Promise<void> => rm(gatheringIn(recordingId), { recursive: true, force: true }),
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
