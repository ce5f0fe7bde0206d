import { readFileSync } from 'node:fs'
import { escapeXml, writeXml } from '@meetcoop/bbb'
import type { Recording } from './recording.ts'

// Six seconds of two faces and a moving bar, made once with ffmpeg (H.264 and AAC).
const video = readFileSync(new URL('./assets/video-0.m4v', import.meta.url))

export const playbackUrl = (publicUrl: string, recordID: string): string => `${publicUrl}/playback/video/${recordID}/`

const indexHtml = (name: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeXml(name)}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/html5client/client.css"></head>
<body><main class="playback"><h1>${escapeXml(name)}</h1><video controls preload="metadata" src="video-0.m4v"></video></main></body>
</html>
`

const metadataXml = (recording: Recording, publicUrl: string, sizeBytes: number): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${writeXml('recording', {
    id: recording.recordID,
    // The video format calls a published recording available.
    state: recording.state === 'published' ? 'available' : recording.state,
    published: recording.state === 'published',
    start_time: recording.startTimeMs,
    end_time: recording.endTimeMs,
    participants: recording.participants,
    meeting: {
      '@id': recording.recordID,
      '@externalId': recording.meetingID,
      '@name': recording.name,
      '@breakout': recording.isBreakout,
    },
    meta: recording.metadata,
    playback: {
      format: 'video',
      link: playbackUrl(publicUrl, recording.recordID),
      processing_time: processingTimeMs,
      duration: recording.endTimeMs - recording.startTimeMs,
      size: sizeBytes,
    },
    raw_size: video.length,
  })}\n`

export const processingTimeMs = 1500

export type RecordingFiles = { sizeBytes: number; files: ReadonlyMap<string, { type: string; bytes: Buffer }> }

/** The published folder of a recording. Its size is that of all its files, and stands in one of them. */
export const recordingFiles = (recording: Recording, publicUrl: string): RecordingFiles => {
  const index = Buffer.from(indexHtml(recording.name))
  const others = video.length + index.length
  // Each round can only add a digit to the number, so this settles at once.
  let sizeBytes = others
  let metadata = Buffer.from(metadataXml(recording, publicUrl, sizeBytes))
  while (others + metadata.length !== sizeBytes) {
    sizeBytes = others + metadata.length
    metadata = Buffer.from(metadataXml(recording, publicUrl, sizeBytes))
  }
  return {
    sizeBytes,
    files: new Map([
      ['index.html', { type: 'text/html; charset=utf-8', bytes: index }],
      ['metadata.xml', { type: 'application/xml; charset=utf-8', bytes: metadata }],
      ['video-0.m4v', { type: 'video/mp4', bytes: video }],
    ]),
  }
}
