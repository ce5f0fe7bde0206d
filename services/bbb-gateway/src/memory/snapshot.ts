import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { seal, unseal } from '@meetcoop/service'
import type { Memories, Memory } from './memory.ts'

// A snapshot of another shape is another purpose: it does not open, and the gateway begins anew.
const purpose = 'bbb-gateway snapshot 2'

type SnapshotPlace = { stateDir: string; snapshotKey: string }

const fileIn = (stateDir: string) => join(stateDir, 'snapshot.sealed')

/** What the gateway knew when it last ran. Undefined where there is no snapshot; throws for one that does not open. */
export async function readSnapshot({ stateDir, snapshotKey }: SnapshotPlace): Promise<Memories | undefined> {
  let sealed: Buffer
  try {
    sealed = await readFile(fileIn(stateDir))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return JSON.parse(unseal(sealed, snapshotKey, purpose)) as Memories
}

/** Keeps the memory on disk: encrypted, whole or not at all, and only when something changed. */
export function keepingSnapshot(memory: Memory, { stateDir, snapshotKey }: SnapshotPlace) {
  let kept = 0
  return async (): Promise<void> => {
    const changes = memory.changes()
    if (changes === kept) return
    const sealed = seal(JSON.stringify(memory.memories()), snapshotKey, purpose)
    const draft = `${fileIn(stateDir)}.draft`
    const file = await open(draft, 'w', 0o600)
    try {
      await file.writeFile(sealed)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, fileIn(stateDir))
    kept = changes
  }
}
