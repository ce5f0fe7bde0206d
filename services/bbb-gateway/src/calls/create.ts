import { errorXml, replyXml, textOf } from '@meetcoop/bbb'
import type { LivePlacement } from '@meetcoop/contracts/node-orchestration'
import { isExhausted } from '@meetcoop/service'
import { refuse, type Answer } from '../api/answer.ts'
import { toMeeting } from '../memory/learn-meetings.ts'
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

  const located = await locate(gateway, call, meetingId, rights)
  if ('refused' in located) return located.refused
  return createOn(gateway, call, { live: located.live, rights, parentMeetingKey: parent })
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

async function locate(
  { placement, log }: Gateway,
  { tenant: { tenantId, memberId }, params }: Call,
  externalMeetingId: string,
  rights: Rights,
): Promise<{ live: LivePlacement } | { refused: Answer }> {
  const recorded = willBeRecorded(params, rights)
  try {
    const { live } = await placement.locate({ tenantId, memberId, externalMeetingId, reserve: true, recorded })
    if (live) return { live }
  } catch (error) {
    if (!isExhausted(error)) log.error({ error: (error as Error).message }, 'a meeting cannot be placed')
  }
  return { refused: refuse('serverUnavailable') }
}

type Placed = { live: LivePlacement; rights: Rights; parentMeetingKey: string | undefined }

async function createOn(
  gateway: Gateway,
  { params, xmlBody }: Call,
  { live, rights, parentMeetingKey }: Placed,
): Promise<Answer> {
  const { memory, callNode, callbackUrls, log } = gateway
  const { placement, externalMeetingId, callbackToken } = live
  const node = memory.node(placement?.nodeId ?? '')
  if (!placement || !node) return refuse('serverUnavailable')
  const { meetingKey, placementId } = placement
  const scoped = {
    rights,
    meetingKey,
    parentMeetingKey,
    meetingEndedUrl: `${callbackUrls.meetingEnded}/${callbackToken}`,
    recordingReadyUrl: `${callbackUrls.recordingReady}/${callbackToken}`,
  }
  const created = { params: nodeCreateParams(params, scoped), xmlBody, timeoutMs: createTimeoutMs }
  const reply = await callNode(node, 'create', created)
  if (reply.returncode === 'FAILED')
    return { xml: errorXml(reply.messageKey, reply.message.replaceAll(meetingKey, externalMeetingId)) }

  const internalMeetingId = textOf(reply.body['internalMeetingID'])
  gateway.put(toMeeting(live, internalMeetingId))
  gateway.nodeMeetings.outdate(node.nodeId)
  // A hint only: whether it arrives or not, the next poll finds the meeting.
  gateway.placement
    .confirm({ placementId, internalMeetingId, createdAtMs: Number(textOf(reply.body['createTime'])) || 0 })
    .catch((error: Error) => log.debug({ error: error.message }, 'a hint was lost'))
  return { xml: replyXml(createdReply(reply, externalMeetingId)) }
}
