import type { Step } from '../story.ts'
import { hour, minute } from '../world.ts'
import { arrive } from './meeting.ts'

/** 5. A room is opened, booked, and joined with nothing but a name; it starts its meeting the same way. */
export const room: Step = {
  title: 'a room is booked; a host and three guests join with only a name',
  run: async (story) => {
    const { world, memberId } = story
    const scheduling = world.endpoints.services['room-scheduling']?.url
    const rooms = `${scheduling}/operator/rooms`
    const opened = await world.until('the room', () => world.http('POST', rooms, { memberId, name: 'Sala gran' }))
    story.roomId = String(opened.roomId)
    story.hostUrl = String(opened.hostUrl)
    const startsAt = new Date(world.nowMs() + minute).toISOString()
    const endsAt = new Date(world.nowMs() + hour).toISOString()
    await world.http('POST', `${rooms}/${story.roomId}/bookings`, { startsAt, endsAt })
    await world.event('SessionBooked', (data) => data.roomId === story.roomId)
    const join = (url: string, name: string) =>
      world.until(`${name} joins`, async () => (await world.http('POST', url, { name })).joinUrl as string | undefined)
    await arrive(await join(story.hostUrl, 'Núria'))
    for (const guest of ['Biel', 'Aina', 'Jan']) await arrive(await join(String(opened.guestUrl), guest))
    const tenantId = `${memberId}-rooms`
    const event = await world.event('MeetingStarted', ({ placement }) => placement?.tenantId === tenantId)
    await world.event('SessionStarted', (data) => data.roomId === story.roomId)
    return { detail: `${story.roomId} on ${event.data.placement?.nodeId}`, event, link: story.hostUrl }
  },
}
