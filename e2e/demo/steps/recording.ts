import assert from 'node:assert/strict'
import library from 'bigbluebutton-js'
import type { Step } from '../story.ts'
import { bbbOf } from './meeting.ts'

type Listed = { recordID: string; playback: { format: { url: string } | { url: string }[] } }

/** 7. The node says that the recording is ready; it is verified, fetched and stored within the member's space. */
export const recording: Step = {
  title: 'the recording is fetched, stored and plays',
  run: async (story) => {
    const { world, meeting } = story
    const event = await world.event(
      'RecordingStored',
      (data) => data.recording?.recordingId === meeting.internalMeetingId,
    )
    await world.event('RecordingPublished', (data) => data.recording?.recordingId === meeting.internalMeetingId)
    story.recordingId = meeting.internalMeetingId
    const listed = await world.until('getRecordings', async () => {
      const answer = await library.http(bbbOf(story).recording.getRecordings({ meetingID: story.meetingId }))
      return (answer.recordings as Listed[] | undefined)?.find((each) => each?.recordID === story.recordingId)
    })
    const { url } = [listed.playback.format].flat()[0] ?? { url: '' }
    story.playbackUrl = url
    const played = await fetch(url)
    assert.ok(played.ok, `the recording's URL answered ${played.status}`)
    const bytes = (await played.arrayBuffer()).byteLength
    assert.ok(bytes > 0)
    return {
      detail: `${event.data.recording?.spaceBytes} bytes of 25 GB used; ${bytes} bytes came from its URL`,
      event,
      link: url,
    }
  },
}
