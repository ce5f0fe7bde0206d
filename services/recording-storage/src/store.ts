import { setTimeout as pause } from 'node:timers/promises'
import type { Refusal } from '@meetcoop/decider'
import { ContentionError, type Collection, type Store } from '@meetcoop/store'
import { createdAtMs } from './meeting-id.ts'
import { isKept, type RecordingState } from './recording/recording.ts'
import { emptySpace, type Space } from './space/space.ts'

export type Recordings = Collection<RecordingState>
export type Spaces = ReturnType<typeof spacesOf>

export async function openCollections(store: Store) {
  const recordings: Recordings = await store.collection<RecordingState>('recordings', {
    // Not here yet, oldest meeting first.
    waiting: ({ recording }) => (recording?.status === 'RECEIVED' ? createdAtMs(recording.recordingId) : null),
    // Ranges of it are a tenant's recordings, all or by the beginning of their ids.
    tenant: ({ recording }) => recording && `${recording.tenantId}/${recording.recordingId}`,
    refused: ({ recording }) => (recording?.status === 'REFUSED' ? recording.memberId : null),
    kept: ({ recording }) => (recording && isKept(recording) ? keptKey(recording.memberId, recording.locked) : null),
  })
  return { recordings, spaces: spacesOf(await store.collection<Space>('spaces')) }
}

/** Where the index `kept` has the member's recordings that lie with us. */
export const keptKey = (memberId: string, locked: boolean): string => `${memberId}/${locked ? 'locked' : 'open'}`

const attemptsMax = 16

// A space publishes nothing of its own, so it is no decider: a pure change, written if nobody came between.
const spacesOf = (collection: Collection<Space>) => ({
  get: async (memberId: string): Promise<Space> => (await collection.get(memberId))?.state ?? emptySpace,
  change: async (memberId: string, change: (space: Space) => Space | Refusal): Promise<Space | Refusal> => {
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const stored = await collection.get(memberId)
      const state = change(stored?.state ?? emptySpace)
      if ('refused' in state || state === stored?.state) return state
      if (await collection.write({ id: memberId, expectedVersion: stored?.version ?? 0, state })) return state
      await pause(Math.random() * attempt)
    }
    throw new ContentionError(memberId)
  },
})
