import { createBehaviour } from './behaviour.ts'
import { createCallbacks } from './callbacks.ts'
import { endCallbackUrls } from './end-callbacks.ts'
import { createHungSockets } from './hung-sockets.ts'
import type { Meeting } from './meeting.ts'
import { createMeetings } from './meetings.ts'
import { createProcessing } from './processing.ts'
import { recordingOf } from './recording.ts'
import { sayRecordingReady } from './recording-ready.ts'
import { createRecordings } from './recordings.ts'
import { createWatchers } from './watchers.ts'

export type NodeSettings = {
  secret: string
  nodeName: string
  nowMs: () => number
  stateDir: string | undefined
  warn: (what: string) => void
}

export type BbbNode = ReturnType<typeof createNode>

/** What a node is, apart from HTTP: its meetings, recordings, callbacks, and the moods the sandbox puts it in. */
export const createNode = ({ secret, nodeName, nowMs, stateDir, warn }: NodeSettings) => {
  const life = new AbortController()
  const behaviour = createBehaviour()
  const watchers = createWatchers()
  const hungSockets = createHungSockets()
  const callbacks = createCallbacks(nowMs, warn)
  const recordings = createRecordings(stateDir)
  const processing = createProcessing(
    recordings,
    () => behaviour.now().recordingDelayMs,
    (recording) => void sayRecordingReady(recording, secret, life.signal, warn),
  )
  const meetings = createMeetings((meeting: Meeting, _reason, endedMs) => {
    const recording = recordingOf(meeting, endedMs)
    if (recording && !processing.begin(recording)) warn('no room for another recording')
    for (const url of endCallbackUrls(meeting)) callbacks.enqueue(url)
    watchers.ended(meeting.internalMeetingID)
  })
  let crashed = false

  return {
    secret,
    nodeName,
    /** Where browsers find the node; set once it listens. */
    publicUrl: '',
    nowMs,
    behaviour,
    watchers,
    hungSockets,
    callbacks,
    recordings,
    meetings,
    isCrashed: (): boolean => crashed,
    tick(): void {
      if (crashed) return
      meetings.tick(nowMs())
      callbacks.tick()
      processing.tick()
    },
    /** All meetings and undelivered callbacks are lost, and nobody is told. */
    crash(): void {
      crashed = true
      meetings.loseAll()
      callbacks.loseAll()
      watchers.dropAll()
      hungSockets.letGo()
    },
    return(): void {
      crashed = false
    },
    close(): void {
      life.abort()
      callbacks.loseAll()
      watchers.dropAll()
      hungSockets.letGo()
    },
  }
}
