import type { Recording } from '@meetcoop/contracts/recording-storage'
import type { House } from '@meetcoop/service'
import { execute } from '@meetcoop/store'
import { bytesOf, isKept, recordingDecider, type Description, type RecordingCommand } from '../recording/recording.ts'
import { leftBytes, withReleased, withReserved } from '../space/space.ts'
import type { Recordings, Spaces } from '../store.ts'
import type { FitToRights } from './fit-to-rights.ts'
import { DownloadFailed } from './import/download.ts'
import { fetchMetadata, neededBytes, openFiles, shelve } from './import/import-recording.ts'
import type { Shelf } from './import/shelf.ts'
import type { Nodes } from './nodes.ts'

type Importing = {
  recordings: Recordings
  spaces: Spaces
  nodes: Nodes
  shelf: Shelf
  fitToRights: FitToRights
  clock: House['clock']
}

/**
 * Brings a recording from its node into our keeping: room is taken first, then the bytes are fetched, then it is told.
 * It may be cut off anywhere and run again.
 */
export const importing =
  ({ recordings, spaces, nodes, shelf, fitToRights, clock }: Importing) =>
  async (recordingId: string): Promise<void> => {
    const stored = await recordings.get(recordingId)
    const recording = stored?.state.recording
    if (!stored || recording?.status !== 'RECEIVED') return
    const outcome = await fetchInto(shelf, spaces, recording, await apiUrlOf(nodes, recording)).catch(async (error) => {
      // Another run of the same job may have brought it meanwhile; then the room is taken for good.
      const now = (await recordings.get(recordingId))?.state.recording
      if (now && !isKept(now)) await spaces.change(now.memberId, (space) => withReleased(space, recordingId))
      throw error
    })
    await execute(recordings, recordingDecider, {
      id: recordingId,
      causeId: `import:${stored.version}`,
      command: outcome,
      nowMs: clock.nowMs(),
    })
    // The rights may have shrunk while the bytes came.
    await fitToRights(recording.memberId, `imported:${recordingId}.${stored.version}`)
  }

async function apiUrlOf(nodes: Nodes, { nodeId }: Recording): Promise<string> {
  const node = (await nodes.access()).find((each) => each.nodeId === nodeId)
  if (!node) throw new DownloadFailed(`its node ${nodeId} is not known any more`)
  return node.url
}

async function fetchInto(
  shelf: Shelf,
  spaces: Spaces,
  recording: Recording,
  apiUrl: string,
): Promise<RecordingCommand> {
  const { recordingId, memberId } = recording
  const from = { apiUrl, recordingId, type: 'video' } as const
  const metadata = await fetchMetadata(from)
  const files = await openFiles(from)
  try {
    const needed = neededBytes(metadata, files.bytes)
    const space = await spaces.change(memberId, (space) => withReserved(space, recordingId, needed))
    if ('refused' in space) {
      if (space.refused === 'rights-unknown') throw new Error(`the rights of ${memberId} are not known yet`)
      return { kind: 'refuse', neededBytes: needed, leftBytes: leftBytes(await spaces.get(memberId)) }
    }
    const description = await shelve({ recordingId, type: 'video', shelf }, metadata, files, needed)
    await settle(spaces, recording, description)
    return { kind: 'store', description }
  } finally {
    await files.turnAway()
  }
}

/** What was reserved becomes what it takes, which is never more. */
async function settle(spaces: Spaces, { memberId, recordingId }: Recording, description: Description): Promise<void> {
  await spaces.change(memberId, (space) => ({
    ...space,
    bytesByRecording: { ...space.bytesByRecording, [recordingId]: bytesOf(description) },
  }))
}
