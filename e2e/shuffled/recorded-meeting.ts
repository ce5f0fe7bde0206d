import { createHash, createHmac } from 'node:crypto'
import { createBbbClient } from '@meetcoop/bbb'
import type { Placement } from '@meetcoop/contracts/node-orchestration'
import { startBbbNode } from '@meetcoop/sim-bbb-node'

const secret = 'the-secret-of-the-simulated-node'
const callbackKey = 'callback-'.padEnd(43, '0')

/** A node on which the tenant's meeting took place and left a recording, with the peers that tell of it. */
export async function recordedMeeting(memberId: string, nowMs: number) {
  const clock = { nowMs: () => nowMs }
  const node = await startBbbNode({ port: 0, secret, nodeName: 'node-1', clock })
  const bbb = createBbbClient({ apiUrl: node.apiUrl, secret, timeoutMs: 5_000 })
  await fetch(`${node.url}/sandbox/behaviour`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ recordingDelayMs: 1 }),
  })
  const tenantId = `${memberId}-h1`
  const digest = createHmac('sha256', callbackKey).update(`meeting:${tenantId}:Assembly`).digest('hex')
  const meetingKey = `${tenantId}-${digest.slice(0, 20)}`
  await bbb.create({ name: 'Assembly', meetingID: meetingKey, record: true, attendeePW: 'a1', moderatorPW: 'm1' })
  await fetch(bbb.joinUrl({ fullName: 'Host', meetingID: meetingKey, password: 'm1' }))
  await bbb.end(meetingKey, 'm1')
  const recordings = async () => (await bbb.getRecordings({ meetingID: meetingKey })).messageKey !== 'noRecordings'
  const deadline = performance.now() + 10_000
  while (!(await recordings())) if (performance.now() > deadline) throw new Error('the node made no recording')
  const placement: Placement = {
    placementId: `${meetingKey}.1`,
    meetingKey,
    tenantId,
    memberId,
    nodeId: 'node-1',
    internalMeetingId: `${createHash('sha1').update(meetingKey).digest('hex')}-${nowMs}`,
    status: 'ENDED',
    recorded: true,
    placedAtMs: nowMs,
    startedAtMs: nowMs,
    endedAtMs: nowMs + 1_800_000,
    participantsPeak: 1,
    participantMinutes: 30,
  }
  const peers = {
    listNodeAccess: async () => ({ nodes: [{ nodeId: 'node-1', url: node.apiUrl, secret }] }),
    findPlacement: async () => ({ placement, externalMeetingId: 'Assembly' }),
  }
  return { placement, peers, close: () => node.close() }
}
