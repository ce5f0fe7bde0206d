import type { Refusal } from '@meetcoop/decider'

/** A member's room for recordings: what it may use, and what each recording takes or is about to take. */
export type Space = {
  /** Absent until the member's rights are known. */
  limitBytes?: number
  /** Version of the rights the limit comes from. */
  rightsVersion: number
  bytesByRecording: Readonly<Record<string, number>>
}

/** Keeps the document far below the store's bound. */
export const recordingsMax = 10_000

export const emptySpace: Space = { rightsVersion: 0, bytesByRecording: {} }

export const usedBytes = ({ bytesByRecording }: Space): number =>
  Object.values(bytesByRecording).reduce((sum, bytes) => sum + bytes, 0)

/** What is left; 0 where more is used than the member may. */
export const leftBytes = (space: Space): number => Math.max(0, (space.limitBytes ?? 0) - usedBytes(space))

/**
 * Whether the recordings take more than the member may use. Then all of them are locked, not some: which of its
 * recordings a member would rather keep is not ours to guess.
 */
export const isOverfull = (space: Space): boolean =>
  space.limitBytes !== undefined && usedBytes(space) > space.limitBytes

/** The rights of a higher version win; those that come late change nothing. */
export const withLimit = (space: Space, limitBytes: number, rightsVersion: number): Space =>
  rightsVersion > space.rightsVersion ? { ...space, limitBytes, rightsVersion } : space

/** Takes room for a recording, once however often it is asked. */
export function withReserved(space: Space, recordingId: string, bytes: number): Space | Refusal {
  if (space.limitBytes === undefined) return { refused: 'rights-unknown' }
  const others = withReleased(space, recordingId)
  if (Object.keys(others.bytesByRecording).length >= recordingsMax) return { refused: 'too-many-recordings' }
  if (bytes > leftBytes(others)) return { refused: 'no-room' }
  return { ...space, bytesByRecording: { ...others.bytesByRecording, [recordingId]: bytes } }
}

export const withReleased = (space: Space, recordingId: string): Space => ({
  ...space,
  bytesByRecording: Object.fromEntries(Object.entries(space.bytesByRecording).filter(([id]) => id !== recordingId)),
})
