import type { Envelope } from '@meetcoop/contracts'
import { sourceOf } from '@meetcoop/contracts'
import type { House } from '@meetcoop/service'
import type { learningMeetings } from './learn-meetings.ts'
import type { learningMembers } from './learn-members.ts'

type Learn = {
  house: Pick<House, 'loop' | 'bus' | 'log'>
  members: ReturnType<typeof learningMembers>
  meetings: ReturnType<typeof learningMeetings>
  monotonicMs(): number
}

const lookEveryMs = 1_000
const compareEveryMs = 30_000

/** Keeps the memory up to date: events say what to ask for now, and twice a minute everything is compared. */
export function keepLearning({ house, members, meetings, monotonicMs }: Learn): { stop(): Promise<void> } {
  const changedMembers = new Set<string>()
  let meetingsChanged = false

  const learnMembers = comparing(members.all, monotonicMs, async () => {
    for (const memberId of [...changedMembers]) {
      await members.one(memberId)
      changedMembers.delete(memberId)
    }
  })
  const learnMeetings = comparing(meetings.all, monotonicMs, async () => {
    if (!meetingsChanged) return
    meetingsChanged = false
    await meetings.all().catch((error: unknown) => {
      meetingsChanged = true
      throw error
    })
  })
  const memberLoop = house.loop({ everyMs: lookEveryMs, run: learnMembers })
  const meetingLoop = house.loop({ everyMs: lookEveryMs, run: learnMeetings })

  const onEvent = (event: Envelope): void => {
    if (sourceOf(event.type) === 'membership') {
      const { memberId } = event.data as { memberId?: unknown }
      if (typeof memberId !== 'string') return
      changedMembers.add(memberId)
      memberLoop.wake()
    } else if (event.type.startsWith('Meeting') ? !meetings.fromEvent(event) : event.type === 'NodeRegistered') {
      meetingsChanged = true
      meetingLoop.wake()
    }
  }
  const onError = (error: unknown) =>
    house.log.warn({ error: (error as Error).message }, 'an event was not understood; comparing finds what it told')
  return house.bus.follow({ sources: ['membership', 'node-orchestration'], last: 0, onEvent, onError })
}

/** Everything when it is due, only what changed in between. A failure leaves it due. */
function comparing(everything: () => Promise<void>, monotonicMs: () => number, changed: () => Promise<void>) {
  let dueAtMs = -Infinity
  return async (): Promise<void> => {
    if (monotonicMs() < dueAtMs) return changed()
    await everything()
    dueAtMs = monotonicMs() + compareEveryMs
  }
}
