import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { request } from 'undici'

/** A node that did not give a file whole. */
export class DownloadFailed extends Error {
  override name = 'DownloadFailed'
}

const headersTimeoutMs = 10_000
/** The longest silence within a file. */
const bodyTimeoutMs = 30_000

/** Asks for a file; its bytes wait until they are saved, or are turned away. Redirects are not followed. */
export async function openDownload(url: string) {
  const { statusCode, headers, body } = await request(url, {
    headersTimeout: headersTimeoutMs,
    bodyTimeout: bodyTimeoutMs,
  }).catch((cause: Error) => {
    throw new DownloadFailed(`${new URL(url).host} does not answer: ${cause.message}`, { cause })
  })
  const turnAway = async () => body.on('error', () => {}).destroy()
  if (statusCode !== 200) {
    await turnAway()
    throw new DownloadFailed(`${url}: HTTP status ${statusCode}`)
  }
  const told = Number(headers['content-length'])
  return {
    /** undefined where the node does not say. */
    bytes: Number.isSafeInteger(told) ? told : undefined,
    turnAway,
    text: async (bytesMax: number) => {
      const chunks: Buffer[] = []
      for await (const chunk of capped(body, bytesMax)) chunks.push(chunk)
      return Buffer.concat(chunks).toString('utf8')
    },
    /** Writes the file through to the disk. Fewer or more bytes than told is a failure. */
    save: async (path: string, bytesMax: number) => {
      const hash = createHash('sha256')
      let bytes = 0
      const file = await open(path, 'w', 0o600)
      try {
        for await (const chunk of capped(body, bytesMax)) {
          hash.update(chunk)
          bytes += chunk.length
          await file.writeFile(chunk)
        }
        await file.sync()
      } finally {
        await file.close()
      }
      return { bytes, sha256: hash.digest('hex') }
    },
  }
}

async function* capped(body: AsyncIterable<Buffer>, bytesMax: number): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > bytesMax) throw new DownloadFailed(`more than ${bytesMax} bytes`)
    yield chunk
  }
}
