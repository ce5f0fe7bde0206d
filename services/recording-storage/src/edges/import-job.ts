import type { Recording } from '@meetcoop/contracts/recording-storage'
import type { House } from '@meetcoop/service'
import { execute } from '@meetcoop/store'
import { bytesOf, recordingDecider, type Description, type RecordingCommand } from '../recording/recording.ts'
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
export function importing(using: Importing): (recordingId: string) => Promise<void> {
  // A queue may run a job twice when it believes the first run dead; two must not work in one folder.
  const running = new Set<string>()
  return async (recordingId) => {
    if (running.has(recordingId)) return
    running.add(recordingId)
    try {
      await importOne(using, recordingId)
    } finally {
      running.delete(recordingId)
    }
  }
}

async function importOne(using: Importing, recordingId: string): Promise<void> {
  const { recordings, spaces, nodes, shelf, fitToRights, clock } = using
  const stored = await recordings.get(recordingId)
  const recording = stored?.state.recording
  if (!stored || recording?.status !== 'RECEIVED') return
  const { memberId } = recording
  const command = await fetchInto(shelf, spaces, recording, await apiUrlOf(nodes, recording)).catch(async (error) => {
    await spaces.change(memberId, (space) => withReleased(space, recordingId))
    throw error
  })
  const causeId = `import:${stored.version}`
  await execute(recordings, recordingDecider, { id: recordingId, causeId, command, nowMs: clock.nowMs() })
  // The rights may have shrunk while the bytes came.
  await fitToRights(memberId, `imported:${recordingId}.${stored.version}`)
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
