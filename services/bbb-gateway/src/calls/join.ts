import { errorXml, parseQuery, replyXml, textOf } from '@meetcoop/bbb'
import { refuseJoin, type Answer } from '../api/answer.ts'
import { withParam } from '../api/raw-query.ts'
import { signedUrlOf } from '../node/call-node.ts'
import type { Call, Gateway } from './gateway.ts'

const joinTags = ['messageKey', 'message', 'meeting_id', 'user_id', 'auth_token', 'session_token', 'guestStatus', 'url']
const joinTimeoutMs = 5_000

/** Sends the browser to the meeting's node. Nothing outside this process is asked: it works when all else is down. */
export function join(gateway: Gateway, { tenant, rawQuery, params }: Call): Promise<Answer> | Answer {
  const meeting = gateway.memory.findMeeting(tenant.tenantId, params.get('meetingID') ?? '')
  const node = meeting && gateway.memory.node(meeting.nodeId)
  if (!meeting || !node)
    return refuseJoin(params, params.get('meetingID') ? 'invalidMeetingIdentifier' : 'missingParamMeetingID')
  const query = withParam(rawQuery, 'meetingID', meeting.meetingKey)
  if (params.get('redirect')?.toLowerCase() !== 'false') return { location: signedUrlOf(node, 'join', query) }

  // The caller wants XML; only the node can give it.
  return gateway
    .callNode(node, 'join', { params: Object.fromEntries(parseQuery(query)), timeoutMs: joinTimeoutMs })
    .then((reply) =>
      reply.returncode === 'FAILED'
        ? { xml: errorXml(reply.messageKey, reply.message) }
        : { xml: replyXml(Object.fromEntries(joinTags.map((tag) => [tag, textOf(reply.body[tag])]))) },
    )
}
