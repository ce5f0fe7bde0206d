import { SignJWT } from 'jose'
import { request } from 'undici'
import type { Recording } from './recording.ts'

const urlKeys = ['bbb-recording-ready-url', 'bn-recording-ready-url', 'canvas-recording-ready-url']
const fetchTimeoutMs = 10_000

/** Tells whoever asked that a recording is ready: once. BBB's script logs a failure and does not try again. */
export const sayRecordingReady = async (
  recording: Recording,
  secret: string,
  signal: AbortSignal,
  warn: (what: string) => void,
): Promise<void> => {
  const url = urlKeys.map((key) => recording.metadata[key]).find((value) => value)
  if (url === undefined) return
  const token = await new SignJWT({ meeting_id: recording.meetingID, record_id: recording.recordID })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret))
  try {
    const { statusCode, body } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ signed_parameters: token }).toString(),
      signal: AbortSignal.any([signal, AbortSignal.timeout(fetchTimeoutMs)]),
    })
    await body.dump({ limit: 65_536 })
    if (statusCode >= 300) warn(`recording-ready callback was answered with status ${statusCode}`)
  } catch (error) {
    warn(`recording-ready callback failed: ${String(error)}`)
  }
}
