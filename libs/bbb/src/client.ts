import { request } from 'undici'
import type { CallParams } from './params.ts'
import { parseReply } from './reply.ts'
import type { BbbReply } from './reply.ts'
import { signedUrl } from './signed-url.ts'
import { writeXml } from './write-xml.ts'

/** A node that did not answer, or not as a BBB node does. Whether it has done what was asked is unknown. */
export class NodeUnreachable extends Error {
  override name = 'NodeUnreachable'
}

export type BbbClientOptions = {
  /** `https://host/bigbluebutton/api/`, with or without the last slash. */
  apiUrl: string
  secret: string
  /** For the whole call, body included. */
  timeoutMs: number
  maxReplyBytes?: number
}

/** A document for insertDocument, or for create. */
export type SlideDocument = {
  url: string
  filename?: string
  current?: boolean
  downloadable?: boolean
  removable?: boolean
}

export type BbbClient = ReturnType<typeof createBbbClient>

/** The XML body by which create and insertDocument take slides. */
export const slidesXml = (documents: readonly SlideDocument[]): string =>
  writeXml('modules', {
    module: {
      '@name': 'presentation',
      document: documents.map((document) =>
        Object.fromEntries(Object.entries(document).map(([name, value]) => [`@${name}`, value])),
      ),
    },
  })

/**
 * A client of one BBB node (or of anything that speaks its API). Every answer of the node is a value, refusals too;
 * no answer, a status other than 200, or a body that is no BBB reply throws NodeUnreachable. Nothing is retried.
 */
export const createBbbClient = ({ apiUrl, secret, timeoutMs, maxReplyBytes = 8 * 1_048_576 }: BbbClientOptions) => {
  const call = async (callName: string, params: CallParams = {}, xmlBody?: string): Promise<BbbReply> => {
    const url = signedUrl(apiUrl, callName, params, secret)
    try {
      return parseReply(await fetchText(url, xmlBody, timeoutMs, maxReplyBytes), { maxBytes: maxReplyBytes })
    } catch (cause) {
      const why = cause instanceof Error ? cause.message || cause.name : String(cause)
      throw new NodeUnreachable(`${callName} at ${new URL(apiUrl).host}: ${why}`, { cause })
    }
  }
  return {
    call,
    create: (params: CallParams & { meetingID: string; name: string }, xmlBody?: string) =>
      call('create', params, xmlBody),
    /** Where to send a browser; no request is made. */
    joinUrl: (params: CallParams & { meetingID: string; fullName: string }) =>
      signedUrl(apiUrl, 'join', params, secret),
    isMeetingRunning: (meetingID: string) => call('isMeetingRunning', { meetingID }),
    end: (meetingID: string, password?: string) => call('end', { meetingID, password }),
    getMeetingInfo: (meetingID: string) => call('getMeetingInfo', { meetingID }),
    getMeetings: () => call('getMeetings'),
    getRecordings: (params: CallParams = {}) => call('getRecordings', params),
    publishRecordings: (recordIDs: readonly string[], publish: boolean) =>
      call('publishRecordings', { recordID: recordIDs.join(','), publish }),
    deleteRecordings: (recordIDs: readonly string[]) => call('deleteRecordings', { recordID: recordIDs.join(',') }),
    /** Sets metadata; an empty value removes its key. Keys come without `meta_`. */
    updateRecordings: (recordIDs: readonly string[], meta: Readonly<Record<string, string>>) =>
      call('updateRecordings', {
        recordID: recordIDs.join(','),
        ...Object.fromEntries(Object.entries(meta).map(([key, value]) => [`meta_${key}`, value])),
      }),
    insertDocument: (meetingID: string, documents: readonly SlideDocument[]) =>
      call('insertDocument', { meetingID }, slidesXml(documents)),
    sendChatMessage: (meetingID: string, message: string, userName?: string) =>
      call('sendChatMessage', { meetingID, message, userName }),
  }
}

const fetchText = async (
  url: string,
  xmlBody: string | undefined,
  timeoutMs: number,
  maxBytes: number,
): Promise<string> => {
  const { statusCode, body } = await request(url, {
    method: xmlBody === undefined ? 'GET' : 'POST',
    headers: { accept: 'text/xml', ...(xmlBody === undefined ? {} : { 'content-type': 'application/xml' }) },
    body: xmlBody ?? null,
    signal: AbortSignal.timeout(timeoutMs),
  })
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new Error(`a reply larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  if (statusCode !== 200) throw new Error(`HTTP status ${statusCode}`)
  return Buffer.concat(chunks).toString('utf8')
}
