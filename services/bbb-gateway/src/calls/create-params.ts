import { intParam, boolParam, type CallParams } from '@meetcoop/bbb'
import { fits } from '@meetcoop/contracts'
import type { Rights } from '../memory/members.ts'

/** Parameters by which a node would call the tenant itself. They are ours to call; a node gets our own instead. */
const callback = /^(meetingendedurl|meta_(endcallbackurl|.*-?recording-ready-url|.*callback-?url))$/i

export const isCallbackParam = (name: string): boolean => callback.test(name)

type Scoped = {
  rights: Rights
  meetingKey: string
  parentMeetingKey: string | undefined
  meetingEndedUrl: string
  recordingReadyUrl: string
}

/** Whether the meeting will be recorded: asked for, and there is space for recordings. */
export const willBeRecorded = (params: ReadonlyMap<string, string>, rights: Rights): boolean =>
  rights.mayRecord && boolParam(params, 'record') === true

/** What the node gets for a tenant's create: the same, under our name, within the tier's bounds, with our callbacks. */
export function nodeCreateParams(params: ReadonlyMap<string, string>, scoped: Scoped): CallParams {
  const { rights } = scoped
  const passed = [...params].filter(([name]) => name !== 'checksum' && !isCallbackParam(name))
  const minutes = durationMinutes(params, rights)
  const mute = rights.mayRecord ? {} : { record: 'false', autoStartRecording: 'false' }
  return {
    ...Object.fromEntries(passed),
    ...mute,
    ...(minutes === undefined ? {} : { duration: minutes }),
    ...(scoped.parentMeetingKey === undefined ? {} : { parentMeetingID: scoped.parentMeetingKey }),
    meetingID: scoped.meetingKey,
    meetingEndedURL: scoped.meetingEndedUrl,
    'meta_bbb-recording-ready-url': scoped.recordingReadyUrl,
  }
}

/** Undefined where the tenant's own value stands. In BBB 0 is endless, so is anything that is no number. */
function durationMinutes(params: ReadonlyMap<string, string>, { sessionMinutes }: Rights): number | undefined {
  if (sessionMinutes === 'unlimited') return undefined
  const asked = intParam(params, 'duration') ?? 0
  return asked > 0 && asked <= sessionMinutes ? undefined : sessionMinutes
}

/** Whether the tenant may open one room more beside those that live. */
export const mayOpenRoom = (rights: Rights, otherRoomsOpen: number): boolean =>
  fits(rights.personalRooms, otherRoomsOpen)
