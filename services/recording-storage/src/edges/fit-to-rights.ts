import { execute } from '@meetcoop/store'
import type { House } from '@meetcoop/service'
import { recordingDecider, type RecordingCommand } from '../recording/recording.ts'
import { isOverfull, leftBytes } from '../space/space.ts'
import { keptKey, type Recordings, type Spaces } from '../store.ts'

export type FitToRights = (memberId: string, causeId: string) => Promise<void>

const batchMax = 500
// Each round takes recordings out of what is found; a space has no more than 10,000.
const roundsMax = 25

/**
 * Makes a member's recordings fit its rights: locked where they take more than it may use, unlocked where they do not,
 * and those that once did not fit are fetched if they do now. Nothing is ever deleted.
 */
export const fitting =
  ({ recordings, spaces, clock }: { recordings: Recordings; spaces: Spaces; clock: House['clock'] }): FitToRights =>
  async (memberId, causeId) => {
    const tell = (id: string, command: RecordingCommand) =>
      execute(recordings, recordingDecider, { id, causeId, command, nowMs: clock.nowMs() })
    const space = await spaces.get(memberId)
    const overfull = isOverfull(space)
    const wrong = keptKey(memberId, !overfull)
    for (let round = 0; round < roundsMax; round++) {
      const found = await recordings.find('kept', { from: wrong, to: wrong }, batchMax)
      for (const { id } of found) await tell(id, { kind: overfull ? 'lock' : 'unlock' })
      if (found.length < batchMax) break
    }
    let left = leftBytes(space)
    for (const { id, state } of await recordings.find('refused', { from: memberId, to: memberId }, batchMax)) {
      if (state.neededBytes > left) continue
      left -= state.neededBytes
      await tell(id, { kind: 'retry' })
    }
  }
