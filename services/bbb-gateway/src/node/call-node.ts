import { Agent, request, type Dispatcher } from 'undici'
import { encodeQuery, parseReply, signQuery, type BbbReply, type CallParams } from '@meetcoop/bbb'
import type { NodeAccess } from '../memory/memory.ts'

/** A node that did not answer, or not as a BBB node does. Whether it has done what was asked is unknown. */
export class NodeSilent extends Error {
  override name = 'NodeSilent'
}

export type NodeCall = { params?: CallParams; xmlBody?: string | undefined; timeoutMs: number }
export type CallNode = ReturnType<typeof callingNodes>['call']

const replyBytesMax = 8_000_000
// Servers take URLs up to 8 KB; what is longer goes into a form.
const queryBytesMax = 4_096
const connectionsPerNode = 64

/** Calls to nodes, over connections that are kept open. Throws NodeSilent; a node's refusal is an answer. */
export function callingNodes() {
  const dispatcher = new Agent({ connections: connectionsPerNode, pipelining: 1, connect: { timeout: 2_000 } })

  const call = async (
    node: NodeAccess,
    callName: string,
    { params = {}, xmlBody, timeoutMs }: NodeCall,
  ): Promise<BbbReply> => {
    const { url, options } = prepare(node, callName, encodeQuery(params), xmlBody)
    try {
      const signal = AbortSignal.timeout(timeoutMs)
      const { statusCode, body } = await request(url, { ...options, dispatcher, signal })
      const text = await readText(body)
      if (statusCode !== 200) throw new Error(`HTTP status ${statusCode}`)
      return parseReply(text, { maxBytes: replyBytesMax })
    } catch (cause) {
      throw new NodeSilent(`${callName} at ${node.nodeId}: ${(cause as Error).message}`, { cause })
    }
  }
  return { call, close: () => dispatcher.close() }
}

const slashed = (url: string) => (url.endsWith('/') ? url : `${url}/`)

/** The address of a signed call by a query that is written already. */
export const signedUrlOf = ({ url, secret }: NodeAccess, callName: string, query: string): string =>
  `${slashed(url)}${callName}?${query === '' ? '' : `${query}&`}checksum=${signQuery(callName, query, secret)}`

type Options = { method: Dispatcher.HttpMethod; headers?: Record<string, string>; body?: string }

function prepare(
  node: NodeAccess,
  callName: string,
  query: string,
  xmlBody: string | undefined,
): { url: string; options: Options } {
  const post = (type: string, body: string): Options => ({ method: 'POST', headers: { 'content-type': type }, body })
  if (xmlBody !== undefined)
    return { url: signedUrlOf(node, callName, query), options: post('application/xml', xmlBody) }
  if (query.length <= queryBytesMax) return { url: signedUrlOf(node, callName, query), options: { method: 'GET' } }
  // A body is not signed: only the query is, which is empty.
  return { url: signedUrlOf(node, callName, ''), options: post('application/x-www-form-urlencoded', query) }
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > replyBytesMax) throw new Error(`a reply larger than ${replyBytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
