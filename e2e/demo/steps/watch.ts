import assert from 'node:assert/strict'
import library from 'bigbluebutton-js'
import { MembershipQueryServiceService, type MembershipQueryServiceServer } from '@meetcoop/contracts/membership'
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
      detail: `${world.dashboard.messages()} messages on ${world.dashboard.connections()} connection(s), ${shown.size} kinds of events`,
      link: world.endpoints.portal,
    }
  },
}

/** Leaves the sandbox tidy: the four in the room would stay for ever, and the room too. */
export const tidyUp: Step = {
  title: 'the host ends the room’s meeting; the room is closed again',
  run: async ({ world, memberId, roomId }) => {
    const membership = world.ask<MembershipQueryServiceServer>('membership', MembershipQueryServiceService)
    const { credentials } = await membership.getCredentials({ memberId })
    const rooms = credentials.find((credential) => credential.kind === 'ROOMS')
    const api = library.api(
      `${world.endpoints.services['bbb-gateway']?.url}/t/${rooms?.tenantId}/bigbluebutton`,
      rooms?.secrets[0] ?? '',
    )
    const { moderatorPW } = await library.http(api.monitoring.getMeetingInfo(roomId))
    const ended = await library.http(api.administration.end(roomId, String(moderatorPW)))
    assert.equal(ended.messageKey, 'sentEndMeetingRequest')
    await world.event('SessionEnded', (data) => data.roomId === roomId)
    const scheduling = world.endpoints.services['room-scheduling']?.url
    await world.http('DELETE', `${scheduling}/operator/rooms/${roomId}`)
    const event = await world.event('RoomClosed', (data) => data.roomId === roomId)
    return { detail: roomId, event }
  },
}
