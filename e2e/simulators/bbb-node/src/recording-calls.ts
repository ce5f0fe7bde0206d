import { intParam, metaParams, replyXml } from '@meetcoop/bbb'
import type { WritableElement } from '@meetcoop/bbb'
import type { Call } from './meeting-calls.ts'
import { isAskedFor, withMeta } from './recording.ts'
import type { Recording } from './recording.ts'
import { playbackUrl, processingTimeMs, recordingFiles } from './recording-files.ts'
import { refuse } from './refusals.ts'

const maxPage = 100

const listParam = (params: ReadonlyMap<string, string>, name: string): string[] =>
  (params.get(name) ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

const recordingXml = (recording: Recording, publicUrl: string): WritableElement => ({
  recordID: recording.recordID,
  meetingID: recording.meetingID,
  internalMeetingID: recording.recordID,
  name: recording.name,
  isBreakout: recording.isBreakout,
  published: recording.state === 'published',
  state: recording.state,
  startTime: recording.startTimeMs,
  endTime: recording.endTimeMs,
  participants: recording.participants,
  metadata: recording.metadata,
  playback:
    recording.state === 'processing'
      ? {}
      : {
          format: {
            type: 'video',
            url: playbackUrl(publicUrl, recording.recordID),
            processingTime: processingTimeMs,
            length: Math.floor((recording.endTimeMs - recording.startTimeMs) / 60_000),
            size: recordingFiles(recording, publicUrl).sizeBytes,
          },
        },
})

/** Without offset and limit all are listed; totalElements counts what the filters leave. */
export const getRecordings: Call = ({ node, params }) => {
  const query = {
    meetingIDs: listParam(params, 'meetingID'),
    recordIDs: listParam(params, 'recordID'),
    states: listParam(params, 'state'),
    meta: metaParams(params),
  }
  const found = node.recordings.all().filter((recording) => isAskedFor(recording, query))
  const offset = Math.max(0, intParam(params, 'offset') ?? 0)
  const limit = intParam(params, 'limit')
  const page = found.slice(offset, limit === undefined ? undefined : offset + Math.min(maxPage, Math.max(1, limit)))
  if (page.length === 0)
    return {
      xml: replyXml({
        recordings: {},
        messageKey: 'noRecordings',
        message: 'There are no recordings for the meeting(s).',
        totalElements: found.length,
      }),
    }
  return {
    xml: replyXml({
      recordings: { recording: page.map((recording) => recordingXml(recording, node.publicUrl)) },
      totalElements: found.length,
    }),
  }
}

export const publishRecordings: Call = ({ node, params }) => {
  const recordIDs = listParam(params, 'recordID')
  if (recordIDs.length === 0) return refuse('missingParamRecordID')
  const publish = params.get('publish')?.toLowerCase()
  if (publish !== 'true' && publish !== 'false') return refuse('missingParamPublish')
  const state = publish === 'true' ? 'published' : 'unpublished'
  const changed = node.recordings.change(recordIDs, (recording) =>
    recording.state === 'processing' ? recording : { ...recording, state },
  )
  return changed === 0 ? refuse('notFound', 'We could not find recordings') : { xml: replyXml({ published: publish }) }
}

export const deleteRecordings: Call = ({ node, params }) => {
  const recordIDs = listParam(params, 'recordID')
  if (recordIDs.length === 0) return refuse('missingParamRecordID')
  const changed = node.recordings.change(recordIDs, (recording) => ({ ...recording, state: 'deleted' }))
  return changed === 0 ? refuse('notFound', 'We could not find recordings') : { xml: replyXml({ deleted: true }) }
}

export const updateRecordings: Call = ({ node, params }) => {
  const recordIDs = listParam(params, 'recordID')
  if (recordIDs.length === 0) return refuse('missingParamRecordID')
  const meta = metaParams(params)
  const changed = node.recordings.change(recordIDs, (recording) => withMeta(recording, meta))
  return changed === 0 ? refuse('notFound', 'We could not find recordings') : { xml: replyXml({ updated: true }) }
}
