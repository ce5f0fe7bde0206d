import { replyXml, textOf } from '@meetcoop/bbb'
import { meetingReply } from './replies.ts'
import type { AnswerCall } from './gateway.ts'

const none = replyXml({ meetings: {}, messageKey: 'noMeetings', message: 'no meetings were found on this server' })

/** The tenant's own meetings, from all nodes that have some. A node that does not answer never makes it an error. */
export const getMeetings: AnswerCall = async ({ memory, nodeMeetings }, { tenant }) => {
  const ours = [...memory.meetingsOf(tenant.tenantId).values()]
  const nodes = [...new Set(ours.map(({ nodeId }) => nodeId))].flatMap((nodeId) => memory.node(nodeId) ?? [])
  const told = await Promise.all(nodes.map(async (node) => [node.nodeId, await nodeMeetings.on(node)] as const))
  const byNode = new Map(told)
  const meeting = ours.flatMap(({ nodeId, meetingKey, internalMeetingId, externalMeetingId }) => {
    const found = byNode.get(nodeId)?.get(meetingKey)
    // A node that came back may still have an earlier use of the same id.
    if (!found || (internalMeetingId && textOf(found['internalMeetingID']) !== internalMeetingId)) return []
    return [meetingReply(found, externalMeetingId)]
  })
  return { xml: meeting.length === 0 ? none : replyXml({ meetings: { meeting } }) }
}
