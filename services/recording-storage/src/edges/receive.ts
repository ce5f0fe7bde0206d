import { strict as assert } from 'node:assert'
import type { Placement } from '@meetcoop/contracts/node-orchestration'
import type { House } from '@meetcoop/service'
import { execute } from '@meetcoop/store'
import { isRecordingId } from '../meeting-id.ts'
import { recordingDecider } from '../recording/recording.ts'
import type { Recordings } from '../store.ts'

type Ready = { placement: Placement; externalMeetingId: string; recordingId: string; causeId: string }
export type Receive = (ready: Ready) => Promise<void>

/** One durable write: the recording is known and will be fetched. Once, however often it is told. */
export const receiveInto =
  (recordings: Recordings, { clock }: House): Receive =>
  async ({ placement, externalMeetingId, recordingId, causeId }) => {
    assert(isRecordingId(recordingId), 'not the id of a recording')
    const { tenantId, memberId, placementId, nodeId } = placement
    const origin = { recordingId, tenantId, memberId, placementId, nodeId }
    const command = { kind: 'receive', origin, externalMeetingId } as const
    const executed = await execute(recordings, recordingDecider, {
      id: recordingId,
      causeId,
      command,
      nowMs: clock.nowMs(),
    })
    assert(!('refused' in executed), 'a recording is never refused before it is fetched')
  }
