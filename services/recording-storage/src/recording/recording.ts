import type { Fact } from '@meetcoop/contracts'
import type { Recording } from '@meetcoop/contracts/recording-storage'
import type { Decider, Refusal } from '@meetcoop/decider'

/** What the recording's own metadata.xml tells. Names may be personal: they stay in the store. */
export type Description = {
  name: string
  startedAtMs: number
  endedAtMs: number
  participants: number
  metadata: Readonly<Record<string, string>>
  /** As the node had it: a recording that its host had withdrawn there is not published here. */
  published: boolean
  formats: readonly StoredFormat[]
}

export type StoredFormat = { type: string; lengthMinutes: number; files: readonly StoredFile[] }
export type StoredFile = { name: string; bytes: number; sha256: string }

export type RecordingState = {
  /** Absent until a node has it ready. */
  recording?: Recording
  /** The tenant's own meeting id. */
  externalMeetingId: string
  /** What it asked for when it was refused; 0 otherwise. */
  neededBytes: number
  description?: Description
}

/** Whose recording it is, as its placement tells. */
export type Origin = Pick<Recording, 'recordingId' | 'tenantId' | 'memberId' | 'placementId' | 'nodeId'>

export type RecordingCommand =
  | { kind: 'receive'; origin: Origin; externalMeetingId: string }
  | { kind: 'store'; description: Description }
  | { kind: 'refuse'; neededBytes: number; leftBytes: number }
  | { kind: 'retry' }
  | { kind: 'lock' }
  | { kind: 'unlock' }

/** `kept` goes into the state and, being beside `data`, never onto the bus. */
export type RecordingEvent =
  | (Fact<'RecordingReceived'> & { kept: { externalMeetingId: string } })
  | (Fact<'RecordingStored'> & { kept: Description })
  | Fact<'RecordingPublished' | 'RecordingWithdrawn' | 'SpaceExhausted'>

export const recordingDecider: Decider<RecordingState, RecordingCommand, RecordingEvent> = {
  initial: { externalMeetingId: '', neededBytes: 0 },
  decide,
  evolve,
}

function decide(state: RecordingState, command: RecordingCommand): readonly RecordingEvent[] | Refusal {
  const { recording } = state
  if (command.kind === 'receive') return recording ? [] : [received({ ...fresh, ...command.origin }, command)]
  if (!recording) return { refused: 'unknown-recording' }
  switch (command.kind) {
    case 'store':
      return recording.status === 'RECEIVED' ? stored(recording, command.description) : []
    case 'refuse':
      return recording.status === 'RECEIVED' ? [exhausted(recording, command)] : []
    case 'retry':
      return recording.status === 'REFUSED' ? [received({ ...recording, status: 'RECEIVED' }, state)] : []
    case 'lock':
      return isKept(recording) && !recording.locked ? [shown({ ...recording, locked: true })] : []
    case 'unlock':
      return recording.locked ? [shown({ ...recording, locked: false })] : []
  }
}

function evolve(state: RecordingState, event: RecordingEvent): RecordingState {
  switch (event.type) {
    case 'RecordingReceived':
      return {
        ...state,
        recording: event.data.recording,
        externalMeetingId: event.kept.externalMeetingId,
        neededBytes: 0,
      }
    case 'RecordingStored':
      return { ...state, recording: event.data.recording, description: event.kept }
    case 'SpaceExhausted':
      return {
        ...state,
        recording: state.recording && { ...state.recording, status: 'REFUSED' },
        neededBytes: event.data.neededBytes,
      }
    case 'RecordingPublished':
    case 'RecordingWithdrawn':
      return { ...state, recording: event.data.recording }
  }
}

const fresh = { status: 'RECEIVED', locked: false, spaceBytes: 0 } as const

/** Whether its bytes lie with us. */
export const isKept = ({ status }: Recording): boolean => status === 'PUBLISHED' || status === 'UNPUBLISHED'

/** Whether anybody may watch it. */
export const isPlayable = ({ status, locked }: Recording): boolean => status === 'PUBLISHED' && !locked

/** Bytes of all files of all formats. */
export const bytesOf = ({ formats }: Pick<Description, 'formats'>): number =>
  formats.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0)

const received = (recording: Recording, { externalMeetingId }: { externalMeetingId: string }): RecordingEvent => ({
  type: 'RecordingReceived',
  data: { recording },
  kept: { externalMeetingId },
})

function stored(recording: Recording, description: Description): RecordingEvent[] {
  const here: Recording = { ...recording, status: 'UNPUBLISHED', spaceBytes: bytesOf(description) }
  const kept: RecordingEvent = { type: 'RecordingStored', data: { recording: here }, kept: description }
  return description.published ? [kept, shown({ ...here, status: 'PUBLISHED' })] : [kept]
}

const exhausted = (
  { memberId, recordingId }: Recording,
  { neededBytes, leftBytes }: { neededBytes: number; leftBytes: number },
): RecordingEvent => ({ type: 'SpaceExhausted', data: { memberId, recordingId, neededBytes, leftBytes } })

const shown = (recording: Recording): RecordingEvent =>
  isPlayable(recording)
    ? { type: 'RecordingPublished', data: { recording } }
    : { type: 'RecordingWithdrawn', data: { recording } }
