import { boolParam, intParam, metaParams } from '@meetcoop/bbb'
import type { GuestPolicy, MeetingTerms } from './meeting.ts'
import { refusal } from './refusals.ts'
import type { Refusal } from './refusals.ts'

type Params = ReadonlyMap<string, string>

/** The parent of a breakout room, the voice bridge and passwords come from the node where the caller gave none. */
export type CreateParams = Omit<MeetingTerms, 'attendeePW' | 'moderatorPW' | 'voiceBridge' | 'parentMeetingID'> & {
  attendeePW: string | undefined
  moderatorPW: string | undefined
  voiceBridge: string | undefined
  parentMeetingID: string | undefined
}

const control = /[\u0000-\u001f\u007f]/

export const meetingIdRefusal = (params: Params): Refusal | undefined => {
  const meetingID = params.get('meetingID') ?? ''
  if (meetingID === '') return refusal('missingParamMeetingID')
  if (meetingID.length < 2 || meetingID.length > 256)
    return refusal('validationError', 'Meeting ID must be between 2 and 256 characters')
  if (meetingID.includes(',') || control.test(meetingID))
    return refusal('validationError', 'Meeting ID can not contain commas or control characters')
  return undefined
}

const guestPolicies: readonly string[] = ['ALWAYS_ACCEPT', 'ALWAYS_DENY', 'ASK_MODERATOR', 'ALWAYS_ACCEPT_AUTH']

const guestPolicyOf = (params: Params): GuestPolicy => {
  const policy = params.get('guestPolicy') ?? ''
  return guestPolicies.includes(policy) ? (policy as GuestPolicy) : 'ALWAYS_ACCEPT'
}

/** Reads the parameters of create; BBB ignores bad numbers and takes its default. */
export const readCreateParams = (params: Params): CreateParams | { refused: Refusal } => {
  const badId = meetingIdRefusal(params)
  if (badId) return { refused: badId }
  const name = params.get('name') ?? ''
  if (name.length < 2 || name.length > 256)
    return { refused: refusal('validationError', 'Meeting name must be between 2 and 256 characters') }
  const [attendeePW, moderatorPW] = [params.get('attendeePW') || undefined, params.get('moderatorPW') || undefined]
  for (const password of [attendeePW, moderatorPW])
    if (password !== undefined && (password.length < 2 || password.length > 64))
      return { refused: refusal('invalidPassword', 'Password must be between 2 and 64 characters') }
  const minutes = (param: string, byDefault: number) => Math.max(0, intParam(params, param) ?? byDefault)
  return {
    meetingID: params.get('meetingID') ?? '',
    name,
    attendeePW,
    moderatorPW,
    voiceBridge: intParam(params, 'voiceBridge') === undefined ? undefined : params.get('voiceBridge'),
    dialNumber: params.get('dialNumber') ?? '613-555-1234',
    durationMinutes: minutes('duration', 0),
    maxParticipants: Math.max(0, intParam(params, 'maxParticipants') ?? 0),
    guestPolicy: guestPolicyOf(params),
    record: boolParam(params, 'record') ?? false,
    autoStartRecording: boolParam(params, 'autoStartRecording') ?? false,
    allowStartStopRecording: boolParam(params, 'allowStartStopRecording') ?? true,
    expireIfNoUserJoinedMinutes: minutes('meetingExpireIfNoUserJoinedInMinutes', 5),
    expireWhenLastUserLeftMinutes: minutes('meetingExpireWhenLastUserLeftInMinutes', 1),
    endWhenNoModerator: boolParam(params, 'endWhenNoModerator') ?? false,
    endWhenNoModeratorDelayMinutes: minutes('endWhenNoModeratorDelayInMinutes', 1),
    isBreakout: boolParam(params, 'isBreakout') ?? false,
    parentMeetingID: params.get('parentMeetingID') || undefined,
    sequence: intParam(params, 'sequence') ?? 0,
    freeJoin: boolParam(params, 'freeJoin') ?? false,
    logoutUrl: params.get('logoutURL') || undefined,
    meetingEndedUrl: params.get('meetingEndedURL') || undefined,
    metadata: metaParams(params),
  }
}
