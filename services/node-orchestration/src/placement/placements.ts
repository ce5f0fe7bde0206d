import { randomUUID } from 'node:crypto'
import type { Placement } from '@meetcoop/contracts/node-orchestration'
import { execute, type Collection } from '@meetcoop/store'
import { isLive, placementDecider, type Meeting, type PlacementCommand } from './placement.ts'

/** A placement and the version of the aggregate that told it. */
export type Live = { placement: Placement; version: number }

export type Placements = Awaited<ReturnType<typeof openPlacements>>

const pageSize = 500

/** All changes to placements go through here, so that the live ones can be kept in memory beside the store. */
export async function openPlacements(meetings: Collection<Meeting>, nowMs: () => number) {
  const live = new Map<string, Live>()

  const track = (meetingKey: string, { latest }: Meeting, version: number): Live | undefined => {
    const newest = Math.max(version, live.get(meetingKey)?.version ?? 0)
    if (newest > version) return live.get(meetingKey)
    if (!isLive(latest)) return void live.delete(meetingKey)
    const found = { placement: latest, version }
    live.set(meetingKey, found)
    return found
  }
  for (let after: string | undefined = ''; after !== undefined;) {
    const page = await meetings.find('live', { from: after }, pageSize)
    for (const { id, state, version } of page) track(id, state, version)
    after = page.length < pageSize ? undefined : page.at(-1)?.id
  }

  return {
    live: live as ReadonlyMap<string, Live>,

    liveOn: (nodeId: string): Placement[] =>
      [...live.values()].map(({ placement }) => placement).filter((placement) => placement.nodeId === nodeId),

    /** Decides and writes. The meeting's live placement afterwards, if it has one. */
    act: async (meetingKey: string, command: PlacementCommand): Promise<Live | undefined> => {
      const execution = { id: meetingKey, causeId: `${command.type}-${randomUUID()}`, command, nowMs: nowMs() }
      const executed = await execute(meetings, placementDecider, execution)
      if ('refused' in executed) throw new Error(`${command.type} of ${meetingKey} refused: ${executed.refused}`)
      return track(meetingKey, executed.state, executed.version)
    },
  }
}
