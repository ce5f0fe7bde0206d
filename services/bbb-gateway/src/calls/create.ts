import { errorXml, replyXml, textOf } from '@meetcoop/bbb'
import { isExhausted } from '@meetcoop/service'
import { refuse, type Answer } from '../api/answer.ts'
import { toMeeting } from '../memory/learn-meetings.ts'
import type { LiveMeeting } from '../memory/memory.ts'
import type { Rights } from '../memory/members.ts'
import { mayOpenRoom, nodeCreateParams, willBeRecorded } from './create-params.ts'
import type { AnswerCall, Call, Gateway } from './gateway.ts'
import { meetingIdOf } from './meeting-id.ts'
import { createdReply } from './replies.ts'

const createTimeoutMs = 8_000

/** Finds or reserves the meeting's node, and creates it there. Any number of creates of one meeting make one meeting. */
export const create: AnswerCall = async (gateway, call) => {
  const { memory } = gateway
  const { tenant, params } = call
  const asked = meetingIdOf(params)
  if ('refused' in asked) return asked.refused
  const { meetingId } = asked
  const rights = memory.rights(tenant.memberId)
  if (!rights) return refuse('internalError')

  if (tenant.isRooms && !mayOpenRoom(rights, otherRooms(gateway, call, meetingId))) return refuse('roomLimitReached')
  const parent = parentOf(gateway, call)
  if (parent === null) return refuse('parentMeetingDoesNotExist')

  const meeting = await locate(gateway, call, meetingId, rights)
  if (!meeting) return refuse('serverUnavailable')
  return createOn(gateway, call, { meeting, rights, parentMeetingKey: parent })
}

/** What was only reserved may never come, and takes no room. */
const otherRooms = ({ memory }: Gateway, { tenant }: Call, meetingId: string): number =>
  [...memory.meetingsOf(tenant.tenantId).values()].filter(
    ({ externalMeetingId, internalMeetingId }) => internalMeetingId !== '' && externalMeetingId !== meetingId,
  ).length

/** The key of the parent that is named; undefined if none is, null if it does not live. */
function parentOf({ memory }: Gateway, { tenant, params }: Call): string | undefined | null {
  const parentId = params.get('parentMeetingID')
  if (!parentId) return undefined
  return memory.findMeeting(tenant.tenantId, parentId)?.meetingKey ?? null
}

/** If nobody can be asked, where the meeting is known to be: front ends create a meeting before each join. */
async function locate(
  { placement, memory, log }: Gateway,
  { tenant: { tenantId, memberId }, params }: Call,
  externalMeetingId: string,
  rights: Rights,
): Promise<LiveMeeting | undefined> {
  const recorded = willBeRecorded(params, rights)
  try {
    const { live } = await placement.locate({ tenantId, memberId, externalMeetingId, reserve: true, recorded })
    return live && toMeeting(live)
  } catch (error) {
    if (isExhausted(error)) return undefined
    log.error({ error: (error as Error).message }, 'a meeting cannot be placed')
    const known = memory.meetingsOf(tenantId).get(externalMeetingId)
    return known?.internalMeetingId ? known : undefined
  }
}

type Placed = { meeting: LiveMeeting; rights: Rights; parentMeetingKey: string | undefined }

async function createOn(
  gateway: Gateway,
  { params, xmlBody }: Call,
  { meeting, rights, parentMeetingKey }: Placed,
): Promise<Answer> {
  const { memory, callNode, callbackUrls, nodeMeetings, placement, log } = gateway
  const { meetingKey, externalMeetingId, placementId, nodeId, callbackToken } = meeting
  const node = memory.node(nodeId)
  if (!node) return refuse('serverUnavailable')
  const scoped = {
    rights,
    meetingKey,
    parentMeetingKey,
    meetingEndedUrl: `${callbackUrls.meetingEnded}/${callbackToken}`,
    recordingReadyUrl: `${callbackUrls.recordingReady}/${callbackToken}`,
  }
  const nodeCall = { params: nodeCreateParams(params, scoped), xmlBody, timeoutMs: createTimeoutMs }
  const reply = await callNode(node, 'create', nodeCall)
  if (reply.returncode === 'FAILED')
    return { xml: errorXml(reply.messageKey, reply.message.replaceAll(meetingKey, externalMeetingId)) }

  const internalMeetingId = textOf(reply.body['internalMeetingID'])
  gateway.put({ ...meeting, internalMeetingId })
  nodeMeetings.outdate(nodeId)
  // A hint only: whether it arrives or not, the next poll finds the meeting.
  placement
    .confirm({ placementId, internalMeetingId, createdAtMs: Number(textOf(reply.body['createTime'])) || 0 })
    .catch((error: Error) => log.debug({ error: error.message }, 'a hint was lost'))
  return { xml: replyXml(createdReply(reply, externalMeetingId)) }
}
