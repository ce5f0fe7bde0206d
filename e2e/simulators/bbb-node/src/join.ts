import { randomBytes } from 'node:crypto'
import { boolParam, intParam, replyXml } from '@meetcoop/bbb'
import { meetingIdRefusal } from './create-params.ts'
import type { Call } from './meeting-calls.ts'
import { enter, maxParticipantsHeld, presentIn } from './meeting.ts'
import type { Meeting, Participant, Role } from './meeting.ts'
import { refusal, refusalAnswer } from './refusals.ts'
import type { Answer, Refusal } from './refusals.ts'

type Params = ReadonlyMap<string, string>

const isWebUrl = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

/** Sends the browser to where the caller wants errors shown, with the errors as JSON in the query. */
export const joinErrorRedirect = (params: Params, publicUrl: string, { key, message }: Refusal): Answer => {
  const target = [params.get('errorRedirectUrl'), params.get('logoutURL')].find((url) => url && isWebUrl(url))
  const url = new URL(target ?? `${publicUrl}/`)
  url.searchParams.append('errors', JSON.stringify([{ key, message }]))
  return { redirect: url.href }
}

/** What is wrong with the call itself; such errors redirect even where redirect=false. */
export const joinRefusal = (params: Params): Refusal | undefined => {
  const badId = meetingIdRefusal(params)
  if (badId) return badId
  const fullName = params.get('fullName')?.trim() ?? ''
  if (fullName === '') return refusal('missingParamFullName')
  if (fullName.length > 255) return refusal('validationError', 'A name has at most 255 characters')
  return undefined
}

/** The role asked for beats the password; a bad one is answered in XML even to a browser. */
const roleOf = (params: Params, meeting: Meeting): Role | undefined => {
  const role = params.get('role')?.toUpperCase()
  if (role === 'MODERATOR' || role === 'VIEWER') return role
  if (role) return undefined
  const password = params.get('password')
  if (password === meeting.moderatorPW) return 'MODERATOR'
  return password === meeting.attendeePW ? 'VIEWER' : undefined
}

/** Whether this one may in, from the meeting's side. */
const doorRefusal = (params: Params, meeting: Meeting): Refusal | undefined => {
  if (meeting.forciblyEnded) return refusal('meetingForciblyEnded')
  const createTimeMs = intParam(params, 'createTime')
  if (createTimeMs !== undefined && createTimeMs !== meeting.createTimeMs) return refusal('mismatchCreateTimeParam')
  if (boolParam(params, 'guest') === true && meeting.guestPolicy === 'ALWAYS_DENY') return refusal('guestDeniedAccess')
  if (meeting.participants.size >= maxParticipantsHeld) return refusal('maxParticipantsReached')
  const ids = new Set(presentIn(meeting).flatMap(({ bot, userID }) => (bot ? [] : [userID])))
  const userID = params.get('userID')
  const isNew = userID === undefined || !ids.has(userID)
  if (meeting.maxParticipants > 0 && isNew && boolParam(params, 'bot') !== true && ids.size >= meeting.maxParticipants)
    return refusal('maxParticipantsReached')
  return undefined
}

export const newParticipant = (fullName: string, role: Role, userID?: string): Participant => {
  const internalUserID = `w_${randomBytes(6).toString('hex')}`
  return {
    internalUserID,
    userID: userID ?? internalUserID,
    sessionToken: randomBytes(12).toString('base64url'),
    fullName,
    role,
    bot: false,
    guest: false,
    waiting: false,
    listeningOnly: false,
    hasVideo: false,
    leftAtMs: undefined,
    logoutUrl: undefined,
  }
}

const participantOf = (params: Params, meeting: Meeting, role: Role): Participant => {
  const guest = boolParam(params, 'guest') ?? false
  const logoutUrl = params.get('logoutURL') ?? meeting.logoutUrl
  return {
    ...newParticipant(params.get('fullName')?.trim() ?? '', role, params.get('userID') || undefined),
    bot: boolParam(params, 'bot') ?? false,
    guest,
    waiting:
      guest && meeting.guestPolicy === 'ASK_MODERATOR' && !presentIn(meeting).some((one) => one.role === 'MODERATOR'),
    logoutUrl: logoutUrl && isWebUrl(logoutUrl) ? logoutUrl : undefined,
  }
}

/** A join counts at once: here nobody has to wait for the browser to connect. */
export const join: Call = ({ node, params }) => {
  const redirects = boolParam(params, 'redirect') ?? true
  const invalid = joinRefusal(params)
  if (invalid) return joinErrorRedirect(params, node.publicUrl, invalid)
  const refuseAs = (refused: Refusal) =>
    redirects ? joinErrorRedirect(params, node.publicUrl, refused) : refusalAnswer(refused)
  const meeting = node.meetings.find(params.get('meetingID') ?? '')
  if (meeting === undefined) return refuseAs(refusal('invalidMeetingIdentifier'))
  const role = roleOf(params, meeting)
  if (role === undefined) return refusalAnswer(refusal('invalidPassword'))
  const closed = doorRefusal(params, meeting)
  if (closed) return refuseAs(closed)
  const participant = participantOf(params, meeting, role)
  enter(meeting, participant)
  node.watchers.changed(meeting.internalMeetingID)
  const url = `${node.publicUrl}/html5client/?sessionToken=${participant.sessionToken}`
  const token = randomBytes(6).toString('hex')
  return redirects
    ? { redirect: url, sessionCookie: token }
    : {
        xml: replyXml({
          messageKey: 'successfullyJoined',
          message: 'You have joined successfully.',
          meeting_id: meeting.internalMeetingID,
          user_id: participant.internalUserID,
          auth_token: token,
          session_token: participant.sessionToken,
          guestStatus: participant.waiting ? 'WAIT' : 'ALLOW',
          url,
        }),
      }
}
