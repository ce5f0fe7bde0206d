import { errorXml, replyXml, textOf, type BbbReply, type CallParams } from '@meetcoop/bbb'
import { refuse, type Answer, type RefusalKey } from '../api/answer.ts'
import type { LiveMeeting } from '../memory/memory.ts'
import { NodeSilent } from '../node/call-node.ts'
import type { AnswerCall, Call, Gateway } from './gateway.ts'
import { meetingIdOf } from './meeting-id.ts'
import { meetingReply } from './replies.ts'

const callTimeoutMs = 5_000

type OnNode = {
  callName: string
  /** What of the tenant's parameters the node gets beside the meeting id. */
  passed: readonly string[]
  /** For a meeting that does not live. */
  unknown: Answer
  answer(reply: BbbReply, meeting: LiveMeeting, gateway: Gateway): Answer
  /** For a node that does not answer; without it, that is an error. */
  silent?(meeting: LiveMeeting): Answer
}

/** A call that is about one meeting and is answered by its node. */
const onNode =
  ({ callName, passed, unknown, answer, silent }: OnNode): AnswerCall =>
  async (gateway: Gateway, { tenant, params, xmlBody }: Call) => {
    const asked = meetingIdOf(params)
    if ('refused' in asked) return asked.refused
    const meeting = gateway.memory.findMeeting(tenant.tenantId, asked.meetingId)
    const node = meeting && gateway.memory.node(meeting.nodeId)
    if (!meeting || !node) return unknown
    const given: CallParams = Object.fromEntries(passed.map((name) => [name, params.get(name)]))
    try {
      const nodeCall = { params: { ...given, meetingID: meeting.meetingKey }, xmlBody, timeoutMs: callTimeoutMs }
      const reply = await gateway.callNode(node, callName, nodeCall)
      if (reply.returncode === 'SUCCESS') return answer(reply, meeting, gateway)
      return {
        xml: errorXml(reply.messageKey, reply.message.replaceAll(meeting.meetingKey, meeting.externalMeetingId)),
      }
    } catch (error) {
      if (!(error instanceof NodeSilent) || !silent) throw error
      return silent(meeting)
    }
  }

const messageOnly = ({ messageKey, message }: BbbReply): Answer => ({ xml: replyXml({ messageKey, message }) })
const unknown = (key: RefusalKey): Answer => refuse(key)

export const isMeetingRunning = onNode({
  callName: 'isMeetingRunning',
  passed: [],
  unknown: { xml: replyXml({ running: false }) },
  answer: (reply) => ({ xml: replyXml({ running: textOf(reply.body['running']) === 'true' }) }),
  silent: ({ isRunning }) => ({ xml: replyXml({ running: isRunning }) }),
})

export const getMeetingInfo = onNode({
  callName: 'getMeetingInfo',
  passed: [],
  unknown: unknown('notFound'),
  answer: (reply, { externalMeetingId }) => ({ xml: replyXml(meetingReply(reply.body, externalMeetingId)) }),
})

export const end = onNode({
  callName: 'end',
  passed: ['password'],
  unknown: unknown('notFound'),
  answer: (reply, { nodeId, placementId, internalMeetingId }, { placement, nodeMeetings, log }) => {
    nodeMeetings.outdate(nodeId)
    // So that the end is seen now and not with the next poll.
    placement
      .confirm({ placementId, internalMeetingId, createdAtMs: 0 })
      .catch((error: Error) => log.debug({ error: error.message }, 'a hint was lost'))
    return messageOnly(reply)
  },
})

export const sendChatMessage = onNode({
  callName: 'sendChatMessage',
  passed: ['message', 'userName'],
  unknown: unknown('meetingNotFound'),
  answer: messageOnly,
})

export const insertDocument = onNode({
  callName: 'insertDocument',
  passed: [],
  unknown: unknown('notFound'),
  answer: messageOnly,
})
