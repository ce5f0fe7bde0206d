import assert from 'node:assert/strict'
import type { Step } from '../story.ts'

const mustShow = [
  'ContributionStarted',
  'EntitlementsSet',
  'MeetingStarted',
  'MeetingEnded',
  'RecordingStored',
  'TierLapsed',
]

/** 10. All the while the dashboard showed it, on one connection. */
export const watch: Step = {
  title: 'the dashboard showed it all as it happened',
  run: async ({ world }) => {
    await world.until('the dashboard', async () =>
      mustShow.every((type) => world.dashboard.shown().has(type)) ? true : undefined,
    )
    const shown = world.dashboard.shown()
    assert.ok(world.dashboard.messages() > shown.size)
    return {
      detail: `${world.dashboard.messages()} messages on one connection, ${shown.size} kinds of events`,
      link: world.endpoints.portal,
    }
  },
}

/** Leaves the sandbox tidy: the room's meeting would go on otherwise. */
export const tidyUp: Step = {
  title: 'the room is closed again',
  run: async ({ world, roomId }) => {
    const scheduling = world.endpoints.services['room-scheduling']?.url
    await world.http('DELETE', `${scheduling}/operator/rooms/${roomId}`)
    const event = await world.event('RoomClosed', (data) => data.roomId === roomId)
    return { detail: roomId, event }
  },
}
