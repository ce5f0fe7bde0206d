import { createBbbClient, listIn, textOf, type XmlElement } from '@meetcoop/bbb'
import type { FindPlacementResponse, NodeAccess } from '@meetcoop/contracts/node-orchestration'
import { isNotFound } from '@meetcoop/service'
import { isRecordingId } from '../meeting-id.ts'
import type { Recordings } from '../store.ts'
import { formats } from './import/formats.ts'
import type { Nodes } from './nodes.ts'
import type { Receive } from './receive.ts'

type Sweeping = { nodes: Nodes; recordings: Recordings; receive: Receive }

const timeoutMs = 8_000
const pageMax = 100
/** A node with more recordings is read on in the next rounds, and from its start again. */
const pagesPerRound = 5
/** Recordings of meetings that are not ours are asked about again after a while. */
const strangerForMs = 60_000
const strangersMax = 20_000

/**
 * The truth about recordings: those that lie ready on the nodes, and that we do not have. A node says so only once, and
 * perhaps while we are away.
 */
export function sweepNodes({ nodes, recordings, receive }: Sweeping): () => Promise<void> {
  const offsets = new Map<string, number>()
  const strangers = new Map<string, number>()

  const receiveUnknown = async (recordingId: string) => {
    const asked = strangers.get(recordingId)
    if (asked !== undefined && performance.now() - asked < strangerForMs) return
    if (await recordings.get(recordingId)) return
    const found = await placementOf(nodes, recordingId)
    if (found?.placement) {
      strangers.delete(recordingId)
      const { placement, externalMeetingId } = found
      return receive({ placement, externalMeetingId, recordingId, causeId: `swept:${recordingId}` })
    }
    if (strangers.size >= strangersMax) strangers.clear()
    strangers.set(recordingId, performance.now())
  }

  const sweep = async ({ nodeId, url, secret }: NodeAccess) => {
    const client = createBbbClient({ apiUrl: url, secret, timeoutMs })
    for (let page = 0; page < pagesPerRound; page++) {
      const offset = offsets.get(nodeId) ?? 0
      const reply = await client.getRecordings({ offset, limit: pageMax })
      const listed = listIn(reply.body, 'recordings', 'recording')
      for (const recordingId of listed.filter(isFetchable).map(idOf)) await receiveUnknown(recordingId)
      offsets.set(nodeId, listed.length < pageMax ? 0 : offset + pageMax)
      if (listed.length < pageMax) return
    }
  }

  return async () => {
    const swept = await Promise.allSettled((await nodes.access()).map(sweep))
    const failed = swept.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }
}

const idOf = (recording: XmlElement) => textOf(recording['recordID'])

const isFetchable = (recording: XmlElement): boolean =>
  isRecordingId(idOf(recording)) &&
  listIn(recording, 'playback', 'format').some((format) => Object.hasOwn(formats, textOf(format['type'])))

async function placementOf(nodes: Nodes, internalMeetingId: string): Promise<FindPlacementResponse | undefined> {
  try {
    return await nodes.orchestration.findPlacement({ internalMeetingId })
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
