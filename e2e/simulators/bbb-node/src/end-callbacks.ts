import type { Meeting } from './meeting.ts'

/** The addresses to call once a meeting has ended: meetingEndedURL as it is, endCallbackUrl with what BBB adds to it. */
export const endCallbackUrls = (meeting: Meeting): string[] => {
  if (meeting.isBreakout) return []
  const urls = meeting.meetingEndedUrl === undefined ? [] : [meeting.meetingEndedUrl]
  const endCallbackUrl = meeting.metadata['endcallbackurl']
  if (endCallbackUrl) {
    const added = `recordingmarks=${meeting.recordingMarks}&meetingID=${encodeURIComponent(meeting.meetingID)}`
    urls.push(`${endCallbackUrl}${endCallbackUrl.includes('?') ? '&' : '?'}${added}`)
  }
  return urls
}
