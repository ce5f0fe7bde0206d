import type { FastifyInstance } from 'fastify'
import type { BbbNode } from './node.ts'
import { recordingFiles } from './recording-files.ts'

/** The one byte range a player asks for; undefined where there is none that we can serve. */
export const byteRange = (
  header: string | undefined,
  sizeBytes: number,
): { first: number; last: number } | undefined => {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const suffix = match[1] === ''
  const first = suffix ? Math.max(0, sizeBytes - Number(match[2])) : Number(match[1])
  const last = suffix || match[2] === '' ? sizeBytes - 1 : Math.min(Number(match[2]), sizeBytes - 1)
  return first <= last ? { first, last } : undefined
}

/** The files of published recordings, as a real node serves them: to anybody who knows the address. */
export const playback = (app: FastifyInstance, node: BbbNode): void => {
  app.get<{ Params: { recordID: string; '*': string } }>('/playback/video/:recordID/*', (request, reply) => {
    const recording = node.recordings.find(request.params.recordID)
    const name = request.params['*'] === '' ? 'index.html' : request.params['*']
    const file =
      recording?.state === 'published' ? recordingFiles(recording, node.publicUrl).files.get(name) : undefined
    if (file === undefined) return reply.code(404).send('Not Found')
    reply.type(file.type).header('accept-ranges', 'bytes').header('cache-control', 'no-cache')
    const range = byteRange(request.headers.range, file.bytes.length)
    if (range === undefined) return reply.send(file.bytes)
    return reply
      .code(206)
      .header('content-range', `bytes ${range.first}-${range.last}/${file.bytes.length}`)
      .send(file.bytes.subarray(range.first, range.last + 1))
  })
}
