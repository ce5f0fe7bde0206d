import { errorXml } from '@meetcoop/bbb'

/** What the node answers: XML, or the way for a browser to go on. */
export type Answer = { xml: string } | { redirect: string; sessionCookie?: string }

const messages = {
  checksumError: 'Checksums do not match',
  validationError: 'A parameter is missing or not as it should be',
  unsupportedContentType: 'POST request content type is missing or unsupported',
  missingParamMeetingID: 'You must provide a meeting ID',
  missingParamFullName: 'You must provide your name',
  missingParamRecordID: 'You must specify one or more record IDs',
  missingParamPublish: 'You must specify true or false for publish',
  idNotUnique: 'A meeting already exists with that meeting ID. Please use a different meeting ID.',
  parentMeetingIDMissing: 'No parent meeting ID was provided for the breakout room',
  parentMeetingDoesNotExist: 'No parent meeting exists for the breakout room',
  invalidPassword: 'The password is not as it should be, or belongs to no role in this meeting',
  invalidMeetingIdentifier: 'The meeting ID that you supplied did not match any existing meetings',
  meetingForciblyEnded: 'You can not join a meeting that has already been forcibly ended',
  mismatchCreateTimeParam: 'The createTime parameter is not that of this meeting',
  maxParticipantsReached: 'The number of participants allowed for this meeting has been reached',
  guestDeniedAccess: 'Guests are not allowed to join this meeting',
  notFound: 'We could not find what you asked for; it does not exist, or not any more',
  meetingNotFound: 'We could not find a meeting with that meeting ID',
} as const

export type RefusalKey = keyof typeof messages | 'nonUniqueVoiceBridge'
export type Refusal = { key: RefusalKey; message: string }

export const refusal = (key: keyof typeof messages, message: string = messages[key]): Refusal => ({ key, message })

export const refusalAnswer = ({ key, message }: Refusal): Answer => ({ xml: errorXml(key, message) })

export const refuse = (key: keyof typeof messages, message?: string): Answer => refusalAnswer(refusal(key, message))
