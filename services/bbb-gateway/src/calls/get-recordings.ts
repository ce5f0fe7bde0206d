import { intParam, replyXml, type WritableElement } from '@meetcoop/bbb'
import type { Recording_Status, RecordingDetail } from '@meetcoop/contracts/recording-storage'
import type { AnswerCall } from './gateway.ts'
import { tenantMetadata } from './replies.ts'

const pageMax = 100
const listMax = 1_000

const statusesOf: Readonly<Record<string, readonly Recording_Status[]>> = {
  processing: ['RECEIVED'],
  processed: ['RECEIVED'],
  published: ['PUBLISHED'],
  unpublished: ['UNPUBLISHED'],
  deleted: ['DELETED'],
  any: ['RECEIVED', 'PUBLISHED', 'UNPUBLISHED', 'DELETED'],
}
const stateOf: Partial<Record<Recording_Status, string>> = {
  RECEIVED: 'processing',
  PUBLISHED: 'published',
  UNPUBLISHED: 'unpublished',
  DELETED: 'deleted',
}

const listParam = (params: ReadonlyMap<string, string>, name: string): string[] =>
  (params.get(name) ?? '')
    .split(',', listMax)
    .map((item) => item.trim())
    .filter((item) => item !== '')

/** The tenant's recordings, as recording-storage keeps them. */
export const getRecordings: AnswerCall = async ({ recordings }, { tenant, params }) => {
  const statuses = listParam(params, 'state').flatMap((state) => statusesOf[state] ?? [])
  const found = await recordings.listRecordings({
    tenantId: tenant.tenantId,
    recordingIds: listParam(params, 'recordID'),
    externalMeetingIds: listParam(params, 'meetingID'),
    statuses: [...new Set(statuses)],
    offset: Math.max(0, intParam(params, 'offset') ?? 0),
    limit: Math.min(pageMax, Math.max(1, intParam(params, 'limit') ?? pageMax)),
  })
  const told = found.recordings.flatMap((detail) => recordingReply(detail) ?? [])
  if (told.length === 0)
    return {
      xml: replyXml({
        recordings: {},
        messageKey: 'noRecordings',
        message: 'There are no recordings for the meeting(s).',
        totalElements: found.total,
      }),
    }
  return { xml: replyXml({ recordings: { recording: told }, totalElements: found.total }) }
}

function recordingReply(detail: RecordingDetail): WritableElement | undefined {
  const { recording } = detail
  if (!recording) return undefined
  const isShown = recording.status === 'PUBLISHED' && !recording.locked
  const state = recording.locked && recording.status === 'PUBLISHED' ? 'unpublished' : stateOf[recording.status]
  return {
    recordID: recording.recordingId,
    meetingID: detail.externalMeetingId,
    internalMeetingID: recording.recordingId,
    name: detail.name,
    isBreakout: false,
    published: isShown,
    state: state ?? 'processing',
    startTime: detail.startedAtMs,
    endTime: detail.endedAtMs,
    participants: detail.participants,
    metadata: tenantMetadata(detail.metadata),
    playback: {
      format: detail.formats.map(({ type, url, lengthMinutes, spaceBytes }) => ({
        type,
        url,
        processingTime: 0,
        length: lengthMinutes,
        size: spaceBytes,
      })),
    },
  }
}
