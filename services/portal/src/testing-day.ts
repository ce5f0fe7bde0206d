import type { Envelope } from '@meetcoop/contracts'
import { contribution, node, placement, startedAtMs } from './testing-peers.ts'
import { eventOf, type TestPortal } from './testing-portal.ts'

const digest = (i: number) => (i * 7_919 + 104_729).toString(16).padStart(16, '0a1b2c3d4e5f6071')
const minuteMs = 60_000

/** An ordinary day at the co-op: what the pages are looked at with. */
export async function playDay(portal: TestPortal): Promise<void> {
  const { held } = portal
  held.nodes = [
    node('node-1', { participants: 86, meetings: 9, load: 104 }),
    node('node-2', { participants: 41, meetings: 4, load: 49, region: 'ca' }),
    node('node-3', { status: 'SUSPECTED', load: 12, participants: 10, meetings: 1 }),
  ]
  held.placements = Array.from({ length: 14 }, (_, i) =>
    placement(`member-${digest(i)}-${i % 3 ? 'h1' : 'rooms'}-${digest(i)}0f3c`, {
      nodeId: i % 3 ? 'node-1' : 'node-2',
      recorded: i % 4 === 0,
      status: i === 0 ? 'RESERVED' : 'RUNNING',
      startedAtMs: i === 0 ? 0 : startedAtMs - i * 7 * minuteMs,
      participantsPeak: i === 0 ? 0 : 3 + ((i * 5) % 17),
    }),
  )
  const tiers = { 'basic-user': 61, 'individual-host': 38, 'micro-organisation': 22, 'small-organisation': 9 }
  held.members = Object.entries(tiers).flatMap(([tierId, count]) =>
    Array.from({ length: count }, (_, i) => ({ memberId: `member-${tierId}-${i}`, tierId })),
  )
  held.members.push({ memberId: 'member-house', tierId: 'large-organisation' })
  held.contributions = [
    ...Array.from({ length: 38 }, (_, i) => contribution(`oc-${i}`, { tierId: 'individual-host', amountMinor: 1_000 })),
    ...Array.from({ length: 22 }, (_, i) => contribution(`oc-m${i}`, { amountMinor: 25_000, frequency: 'YEARLY' })),
    ...Array.from({ length: 9 }, (_, i) =>
      contribution(`oc-s${i}`, { tierId: 'small-organisation', amountMinor: 4_167 }),
    ),
  ]
  for (const event of story()) await portal.deliver(event)
}

function story(): Envelope[] {
  const member = { memberId: `member-${digest(3)}` }
  const paid = { contribution: contribution('oc-48213', { amountMinor: 2_084 }) }
  const placed = { placement: placement(`${member.memberId}-h1-${digest(4)}77aa`, { recorded: true }) }
  const ended = {
    placement: { ...placed.placement, status: 'ENDED' as const, participantsPeak: 4, participantMinutes: 212 },
  }
  const recording = {
    recordingId: `${digest(5)}${digest(6)}77aa0f3c-1791633600000`,
    tenantId: `${member.memberId}-h1`,
    ...member,
    placementId: placed.placement.placementId,
    nodeId: 'node-1',
    status: 'PUBLISHED' as const,
    locked: false,
    spaceBytes: 48_300_000,
  }
  const tierId = 'micro-organisation'
  const entitlements = undefined
  const events = [
    eventOf('ContributionStarted', 'oc-48213', paid),
    eventOf('MemberAdmitted', member.memberId, { ...member, admittedAtMs: startedAtMs }),
    eventOf('TierGranted', member.memberId, { ...member, tierId }),
    eventOf('EntitlementsSet', member.memberId, { ...member, tierId, entitlements }),
    eventOf('HostAccountOpened', member.memberId, {
      ...member,
      hostAccountId: `${member.memberId}-h1`,
      secretGeneration: 1,
    }),
    eventOf('MeetingPlaced', placed.placement.meetingKey, placed),
    eventOf('MeetingStarted', placed.placement.meetingKey, placed),
    eventOf('NodeSuspected', 'node-3', { nodeId: 'node-3' }),
    eventOf('MeetingEnded', placed.placement.meetingKey, ended),
    eventOf('RecordingReceived', recording.recordingId, {
      recording: { ...recording, status: 'RECEIVED', spaceBytes: 0 },
    }),
    eventOf('RecordingStored', recording.recordingId, { recording }),
  ]
  return events.map((event, i) => ({ ...event, occurredAtMs: startedAtMs - (events.length - i) * 41_000 }))
}
