import { randomBytes, randomInt } from 'node:crypto'
import { listIn, replyXml, textOf, writeXml } from '@meetcoop/bbb'
import type { XmlElement } from '@meetcoop/bbb'
import { meetingIdRefusal, readCreateParams } from './create-params.ts'
import { isRunning } from './meeting.ts'
import type { Meeting } from './meeting.ts'
import { createdXml, meetingXml } from './meeting-xml.ts'
import type { BbbNode } from './node.ts'
import { refusalAnswer, refuse } from './refusals.ts'
import type { Answer } from './refusals.ts'

/** One call as the API received it, checksum checked. */
export type CallInput = { node: BbbNode; params: ReadonlyMap<string, string>; xmlBody: XmlElement | undefined }
export type Call = (input: CallInput) => Answer

const maxDocuments = 100
const maxChat = 100

const documentNames = (modules: XmlElement | undefined): string[] =>
  listIn({ modules }, 'modules', 'module')
    .flatMap((module) => listIn({ module }, 'module', 'document'))
    .map((document) => textOf(document['@filename']) || textOf(document['@name']) || textOf(document['@url']))

const freeVoiceBridge = (taken: ReadonlySet<string>): string => {
  for (let tries = 0; tries < 100; tries += 1) {
    const bridge = String(randomInt(10_000, 100_000))
    if (!taken.has(bridge)) return bridge
  }
  // Nobody dials in to a simulator: two meetings on one bridge do no harm.
  return '99999'
}

const clashXml = writeXml('response', {
  returncode: 'FAILED',
  errors: { error: [{ key: 'nonUniqueVoiceBridge', message: 'The selected voice bridge is already in use.' }] },
})

/** The meeting lives: create is idempotent with the same passwords, or none, and changes nothing. */
const createAgain = (existing: Meeting, attendeePW: string | undefined, moderatorPW: string | undefined): Answer => {
  const sentNone = attendeePW === undefined && moderatorPW === undefined
  if (!sentNone && (attendeePW !== existing.attendeePW || moderatorPW !== existing.moderatorPW))
    return refuse('idNotUnique')
  return {
    xml: replyXml({
      ...createdXml(existing),
      messageKey: 'duplicateWarning',
      message: 'This conference was already in existence and may currently be in progress.',
    }),
  }
}

export const create: Call = ({ node, params, xmlBody }) => {
  const wanted = readCreateParams(params)
  if ('refused' in wanted) return refusalAnswer(wanted.refused)
  const existing = node.meetings.find(wanted.meetingID)
  if (existing && !existing.forciblyEnded) return createAgain(existing, wanted.attendeePW, wanted.moderatorPW)
  if (node.meetings.isFull()) return refuse('validationError', 'This node holds as many meetings as it can')
  if (wanted.isBreakout && wanted.parentMeetingID === undefined) return refuse('parentMeetingIDMissing')
  const parent = wanted.parentMeetingID === undefined ? undefined : node.meetings.find(wanted.parentMeetingID)
  if (wanted.isBreakout && parent === undefined) return refuse('parentMeetingDoesNotExist')
  const bridges = new Set(node.meetings.all().map(({ voiceBridge }) => voiceBridge))
  if (wanted.voiceBridge !== undefined && bridges.has(wanted.voiceBridge)) return { xml: clashXml }
  const meeting = node.meetings.open(
    {
      ...wanted,
      attendeePW: wanted.attendeePW ?? randomBytes(4).toString('hex'),
      moderatorPW: wanted.moderatorPW ?? randomBytes(4).toString('hex'),
      voiceBridge: wanted.voiceBridge ?? freeVoiceBridge(bridges),
      parentMeetingID: wanted.isBreakout && parent ? parent.internalMeetingID : 'bbb-none',
    },
    node.nowMs(),
  )
  meeting.documents.push(...documentNames(xmlBody).slice(0, maxDocuments))
  return { xml: replyXml({ ...createdXml(meeting), messageKey: '', message: '' }) }
}

export const isMeetingRunning: Call = ({ node, params }) => {
  const bad = meetingIdRefusal(params)
  if (bad) return refusalAnswer(bad)
  const meeting = node.meetings.find(params.get('meetingID') ?? '')
  return { xml: replyXml({ running: meeting !== undefined && isRunning(meeting) }) }
}

export const end: Call = ({ node, params }) => {
  const bad = meetingIdRefusal(params)
  if (bad) return refusalAnswer(bad)
  const meeting = node.meetings.find(params.get('meetingID') ?? '')
  if (meeting === undefined) return refuse('notFound')
  // The manual requires the password, the code does not.
  const password = params.get('password')
  if (password !== undefined && password !== meeting.moderatorPW) return refuse('invalidPassword')
  meeting.forciblyEnded = true
  return {
    xml: replyXml({
      messageKey: 'sentEndMeetingRequest',
      message:
        'A request to end the meeting was sent. Please wait a few seconds, and then use the getMeetingInfo or isMeetingRunning API calls to verify that it was ended.',
    }),
  }
}

const roomsOf = (meeting: Meeting, all: readonly Meeting[]): Meeting[] =>
  all.filter(({ parentMeetingID }) => parentMeetingID === meeting.internalMeetingID)

export const getMeetingInfo: Call = ({ node, params }) => {
  const bad = meetingIdRefusal(params)
  if (bad) return refusalAnswer(bad)
  const meeting = node.meetings.find(params.get('meetingID') ?? '')
  if (meeting === undefined) return refuse('notFound')
  return { xml: replyXml(meetingXml(meeting, roomsOf(meeting, node.meetings.all()))) }
}

export const getMeetings: Call = ({ node }) => {
  const all = node.meetings.all()
  if (all.length === 0)
    return {
      xml: replyXml({ meetings: {}, messageKey: 'noMeetings', message: 'no meetings were found on this server' }),
    }
  const rooms = Map.groupBy(all, ({ parentMeetingID }) => parentMeetingID)
  return {
    xml: replyXml({
      meetings: { meeting: all.map((meeting) => meetingXml(meeting, rooms.get(meeting.internalMeetingID) ?? [])) },
    }),
  }
}

export const insertDocument: Call = ({ node, params, xmlBody }) => {
  const bad = meetingIdRefusal(params)
  if (bad) return refusalAnswer(bad)
  const meeting = node.meetings.find(params.get('meetingID') ?? '')
  if (meeting === undefined) return refuse('notFound')
  const names = documentNames(xmlBody)
  if (names.length === 0) return refuse('validationError', 'The body names no document')
  meeting.documents.push(...names.slice(0, maxDocuments - meeting.documents.length))
  node.watchers.changed(meeting.internalMeetingID)
  return { xml: replyXml({ messageKey: '', message: 'Presentation is being uploaded' }) }
}

export const sendChatMessage: Call = ({ node, params }) => {
  const bad = meetingIdRefusal(params)
  if (bad) return refusalAnswer(bad)
  const [message, userName] = [params.get('message') ?? '', params.get('userName') || 'System']
  if (message.length < 1 || message.length > 500 || userName.length > 255)
    return refuse('validationError', 'A message has 1 to 500 characters, a user name at most 255')
  const meeting = node.meetings.find(params.get('meetingID') ?? '')
  if (meeting === undefined) return refuse('meetingNotFound')
  meeting.chat = [...meeting.chat, { userName, message }].slice(-maxChat)
  node.watchers.changed(meeting.internalMeetingID)
  return { xml: replyXml({ messageKey: '', message: '' }) }
}
