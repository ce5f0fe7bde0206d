import { done, type Handlers } from '@meetcoop/bus'

/** Our own event: the recording is fetched now, in the trace of whoever told of it. */
export const onRecordingReceived =
  (enqueue: (recordingId: string) => Promise<void>): NonNullable<Handlers['RecordingReceived']> =>
  async ({ data: { recording } }) => {
    if (recording) await enqueue(recording.recordingId)
    return done
  }
