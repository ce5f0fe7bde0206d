import type { House } from '@meetcoop/service'
import { execute } from '@meetcoop/store'
import { sessionDecider, type Session } from '../session/session.ts'
import type { Collections } from '../store.ts'
import type { Gateway } from './gateway.ts'
import { cutOffAtMs } from './on-meeting.ts'

const batchMax = 1_000

/**
 * Ends sessions that are over. The node does so by itself, being told the duration; this is for what it was not told,
 * or forgot. Rights that grew meanwhile count, rights that shrank do not.
 */
export function cutOffSweep(house: House, { sessions, rights }: Collections, gateway: Gateway): () => Promise<void> {
  const { clock } = house
  const isOver = async ({ memberId, startedAtMs, cutOffAtMs: dueAtMs }: Session): Promise<boolean> => {
    const allowed = (await rights.get(memberId))?.state
    const nowDueAtMs = allowed ? cutOffAtMs(startedAtMs, allowed) : dueAtMs
    return nowDueAtMs > 0 && clock.nowMs() >= Math.max(dueAtMs, nowDueAtMs)
  }
  const end = async ({ sessionId }: { sessionId: string }) => {
    const session = (await sessions.get(sessionId))?.state.session
    if (!session || session.endedAtMs > 0 || session.cutOff || !(await isOver(session))) return
    const meeting = await gateway.askMeeting(session.roomId)
    // Gone already, or a later meeting of the room, which is not ours to end: the event of its end is on its way.
    if (!meeting || Number(meeting.createTime) !== session.createdAtMs) return
    const ended = await (await gateway.clientFor(session.roomId)).end(session.roomId)
    if (ended.returncode !== 'SUCCESS') throw new Error(`the gateway did not end a session: ${ended.messageKey}`)
    const command = { kind: 'cut-off', nowMs: clock.nowMs() } as const
    const causeId = `cut-off:${sessionId}`
    await execute(sessions, sessionDecider, { id: sessionId, causeId, command, nowMs: clock.nowMs() })
  }
  const jobs = house.jobs({ name: 'session-cut-off', run: end })
  return async () => {
    for (const { id, state } of await sessions.find('due', { to: clock.nowMs() }, batchMax))
      if (state.session && (await isOver(state.session))) await jobs.add(`cut-off-${id}`, { sessionId: id })
  }
}
