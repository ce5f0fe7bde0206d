import {
  RecordingQueryServiceService,
  type ListRecordingsRequest,
  type PlaybackFormat,
  type Recording,
  type Recording_Status,
  type RecordingDetail,
  type RecordingQueryServiceServer,
} from '@meetcoop/contracts/recording-storage'
import { answer, type Answering, type House } from '@meetcoop/service'
import type { Stored } from '@meetcoop/store'
import { createdAtMs, meetingKeyOf, sha1Hex } from '../meeting-id.ts'
import type { Description, RecordingState } from '../recording/recording.ts'
import { usedBytes } from '../space/space.ts'
import type { Recordings, Spaces } from '../store.ts'
import { playbackToken } from './playback-token.ts'

const listedMax = 100
/** Prefixes in one question. */
const prefixesMax = 100
const batchMax = 1_000
/** As many recordings of one tenant as a question looks through. */
const scannedMax = 10_000
const linkGoodForMs = 15 * 60_000

const shownByDefault: readonly Recording_Status[] = ['PUBLISHED', 'UNPUBLISHED']
const everyStatus: readonly Recording_Status[] = ['RECEIVED', 'PUBLISHED', 'UNPUBLISHED', 'DELETED']

/** Answers about recordings and space. Locked recordings are told only to who asks for every status, and without a link. */
export function queries(house: House, recordings: Recordings, spaces: Spaces): Answering {
  const detail = detailOf(house)
  return answer<RecordingQueryServiceServer>(RecordingQueryServiceService, {
    listRecordings: async (request) => {
      const prefixes = prefixesOf(request, house.secrets.callbackKey)
      const statuses = request.statuses.length > 0 ? request.statuses : shownByDefault
      const lockedToo = everyStatus.every((status) => statuses.includes(status))
      const found = await scan(recordings, request.tenantId, prefixes)
      const matching = found.filter(
        ({ state: { recording } }) =>
          recording && statuses.includes(recording.status) && (lockedToo || !recording.locked),
      )
      // Newest first: people look for the meeting they come from.
      matching.sort((a, b) => createdAtMs(b.id) - createdAtMs(a.id))
      const offset = Math.max(0, request.offset)
      const limit = Math.min(request.limit > 0 ? request.limit : listedMax, listedMax)
      const page = matching.slice(offset, offset + limit).map(({ state }) => detail(state))
      return { recordings: page, total: matching.length }
    },
    getSpace: async ({ memberId }) => {
      const space = await spaces.get(memberId)
      return { limitBytes: space.limitBytes ?? 0, usedBytes: usedBytes(space) }
    },
  })
}

// As in BBB a meeting id stands for the ids of its recordings that begin with its digest.
function prefixesOf(
  { tenantId, recordingIds, externalMeetingIds }: ListRecordingsRequest,
  callbackKey: string,
): string[] {
  if (recordingIds.length > 0) return recordingIds.slice(0, prefixesMax)
  const meetings = externalMeetingIds.slice(0, prefixesMax)
  if (meetings.length === 0) return ['']
  return meetings.map((id) => `${sha1Hex(meetingKeyOf(callbackKey, tenantId, id))}-`)
}

/** The tenant's recordings whose ids begin with one of the prefixes, each once. Others' are out of reach. */
async function scan(recordings: Recordings, tenantId: string, prefixes: readonly string[]) {
  const found = new Map<string, Stored<RecordingState>>()
  for (const prefix of prefixes) {
    let from = `${tenantId}/${prefix}`
    const to = `${from}\uffff`
    while (found.size < scannedMax) {
      const batch = await recordings.find('tenant', { from, to }, batchMax)
      for (const each of batch) found.set(each.id, each)
      if (batch.length < batchMax) break
      from = `${tenantId}/${batch.at(-1)!.id}\u0001`
    }
  }
  return [...found.values()]
}

const detailOf =
  (house: House) =>
  ({ recording, externalMeetingId, description }: RecordingState): RecordingDetail => ({
    recording,
    externalMeetingId,
    name: description?.name ?? '',
    startedAtMs: description?.startedAtMs ?? 0,
    endedAtMs: description?.endedAtMs ?? 0,
    participants: description?.participants ?? 0,
    // On the node this entry is the node's own name of the meeting; front ends look for theirs.
    metadata: { ...description?.metadata, meetingId: externalMeetingId },
    formats: recording && description && !recording.locked ? formatsOf(house, recording, description) : [],
  })

function formatsOf(
  { secrets, clock, settings }: House,
  recording: Recording,
  { formats }: Description,
): PlaybackFormat[] {
  const token = playbackToken(secrets.playbackKey, recording, clock.nowMs() + linkGoodForMs)
  const url = `${settings.URLS['recording-storage'] ?? ''}/playback/${recording.recordingId}/?token=${token}`
  return formats.map(({ type, lengthMinutes, files }) => {
    return { type, url, lengthMinutes, spaceBytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
  })
}
