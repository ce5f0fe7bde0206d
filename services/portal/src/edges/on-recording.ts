import { done, type Handlers, type Received } from '@meetcoop/bus'
import type { Recording } from '@meetcoop/contracts/recording-storage'
import type { Known } from '../picture/picture.ts'
import { keptRecordings, type Recordings } from '../store.ts'

type WithRecording = Pick<Received, 'version'> & { data: { recording: Recording | undefined } }

/** Counts the recordings whose bytes lie with us; nobody else can say how many there are of all members. */
export async function onRecordings(recordings: Recordings, known: Known): Promise<Handlers> {
  known.recordings = await keptRecordings(recordings)
  const on = async ({ version, data: { recording } }: WithRecording) => {
    if (!recording) return done
    const kept = recording.status === 'PUBLISHED' || recording.status === 'UNPUBLISHED'
    const before = await recordings.get(recording.recordingId)
    if (await recordings.keepNewest(recording.recordingId, version, { kept }))
      known.recordings += Number(kept) - Number(before?.state.kept ?? false)
    return done
  }
  return {
    RecordingReceived: on,
    RecordingStored: on,
    RecordingPublished: on,
    RecordingWithdrawn: on,
    RecordingDeleted: on,
  }
}
