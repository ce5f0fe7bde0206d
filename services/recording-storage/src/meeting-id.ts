import { createHash, createHmac } from 'node:crypto'

export const sha1Hex = (text: string): string => createHash('sha1').update(text).digest('hex')

/** A meeting's name on the nodes, and the id of its placement. */
export const meetingKeyOf = (callbackKey: string, tenantId: string, externalMeetingId: string): string =>
  `${tenantId}-${createHmac('sha256', callbackKey).update(`meeting:${tenantId}:${externalMeetingId}`).digest('hex').slice(0, 20)}`

/** BBB's internal meeting id, which is the recording's id too: a digest of the node's meeting id, and when it began. */
export const isRecordingId = (text: string): boolean => /^[0-9a-f]{40}-\d{1,16}$/.test(text)

export const createdAtMs = (recordingId: string): number => Number(recordingId.slice(41))
