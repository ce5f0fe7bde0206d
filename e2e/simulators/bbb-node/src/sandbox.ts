import type { FastifyInstance } from 'fastify'
import type { Behaviour } from './behaviour.ts'
import { newParticipant } from './join.ts'
import { enter, leave, maxParticipantsHeld, presentIn } from './meeting.ts'
import type { Role } from './meeting.ts'
import type { BbbNode } from './node.ts'

const behaviourSchema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    latencyMs: { type: 'integer', minimum: 0, maximum: 120_000 },
    hang: { type: 'boolean' },
    fail: { enum: ['none', 'http500', 'garbage'] },
    failRate: { type: 'number', minimum: 0, maximum: 1 },
    recordingDelayMs: { type: 'integer', minimum: 0, maximum: 3_600_000 },
  },
}

const participantSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'role'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 255 },
    role: { enum: ['MODERATOR', 'VIEWER'] },
    hasVideo: { type: 'boolean' },
    listeningOnly: { type: 'boolean' },
  },
}

const stateOf = (node: BbbNode) => ({
  nodeName: node.nodeName,
  crashed: node.isCrashed(),
  nowMs: node.nowMs(),
  behaviour: node.behaviour.now(),
  pendingCallbacks: node.callbacks.pending(),
  meetings: node.meetings.all().map((meeting) => ({
    meetingID: meeting.meetingID,
    internalMeetingID: meeting.internalMeetingID,
    name: meeting.name,
    createTimeMs: meeting.createTimeMs,
    recordingMarks: meeting.recordingMarks,
    documents: meeting.documents,
    participants: presentIn(meeting).map(({ internalUserID, fullName, role }) => ({
      userID: internalUserID,
      name: fullName,
      role,
    })),
  })),
  recordings: node.recordings.all().map(({ recordID, meetingID, state }) => ({ recordID, meetingID, state })),
})

type MeetingPath = { meetingID: string }
type ParticipantBody = { name: string; role: Role; hasVideo?: boolean; listeningOnly?: boolean }

/** How demos and tests make a node's life happen. Stays reachable while the node is crashed. */
export const sandbox = (app: FastifyInstance, node: BbbNode): void => {
  app.get('/sandbox/state', () => stateOf(node))

  app.post<{ Params: MeetingPath; Body: ParticipantBody }>(
    '/sandbox/meetings/:meetingID/participants',
    { schema: { body: participantSchema } },
    (request, reply) => {
      const meeting = node.meetings.find(request.params.meetingID)
      if (meeting === undefined || meeting.forciblyEnded) return reply.code(404).send({ error: 'no such meeting' })
      if (meeting.participants.size >= maxParticipantsHeld)
        return reply.code(409).send({ error: 'the meeting is full' })
      const { name, role, hasVideo = false, listeningOnly = false } = request.body
      const participant = { ...newParticipant(name, role), hasVideo, listeningOnly }
      enter(meeting, participant)
      node.watchers.changed(meeting.internalMeetingID)
      return reply.code(201).send({ userID: participant.internalUserID, name, role })
    },
  )

  app.delete<{ Params: MeetingPath & { userID: string } }>(
    '/sandbox/meetings/:meetingID/participants/:userID',
    (request, reply) => {
      const meeting = node.meetings.find(request.params.meetingID)
      const { userID } = request.params
      const participant = meeting && presentIn(meeting).find((one) => [one.internalUserID, one.userID].includes(userID))
      if (!meeting || !participant) return reply.code(404).send({ error: 'no such participant' })
      leave(meeting, participant, node.nowMs())
      node.watchers.changed(meeting.internalMeetingID)
      return reply.code(204).send()
    },
  )

  app.post<{ Body: Partial<Behaviour> }>('/sandbox/behaviour', { schema: { body: behaviourSchema } }, (request) =>
    node.behaviour.change(request.body),
  )

  app.post('/sandbox/crash', () => {
    node.crash()
    return { crashed: true }
  })

  app.post('/sandbox/return', () => {
    node.return()
    return { crashed: false }
  })
}
