import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { contribution, node, placement, startedAtMs } from './testing-peers.ts'
import { eventOf, openTestPortal, until, watchLive, type TestPortal } from './testing-portal.ts'

let portal: TestPortal

beforeEach(async () => {
  portal = await openTestPortal()
})
afterEach(() => portal.close())

const latest = (watching: Awaited<ReturnType<typeof watchLive>>) => watching.pictures().at(-1)!

test('the picture tells what the other services hold', async () => {
  portal.held.nodes = [
    node('node-1', { participants: 12, meetings: 2 }),
    node('node-2', { participants: 5, status: 'SUSPECTED' }),
    node('node-3', { status: 'RETIRED' }),
  ]
  portal.held.placements = [
    placement('a', { recorded: true, participantsPeak: 9 }),
    placement('b', { startedAtMs: startedAtMs + 1 }),
  ]
  portal.held.members = Array.from({ length: 1_201 }, (_, i) => ({
    memberId: `member-${String(i).padStart(16, '0')}`,
    tierId: i === 0 ? 'small-organisation' : 'basic-user',
  }))
  portal.held.contributions = [
    contribution('oc-1'),
    contribution('oc-2', { frequency: 'YEARLY', amountMinor: 25_000 }),
    contribution('oc-3', { status: 'LAPSED' }),
    contribution('oc-4', { currency: 'USD' }),
  ]
  await portal.runLoops()
  const watching = await watchLive(portal)
  await until(portal, 'a picture', () => watching.pictures().length > 0)
  expect(latest(watching)).toMatchObject({
    atMs: startedAtMs,
    coop: 'Example Meeting Co-op',
    totals: {
      nodesReady: 1,
      nodes: 2,
      meetings: 2,
      participants: 17,
      members: 1_201,
      contributions: 3,
      recordings: 0,
    },
    nodes: [{ nodeId: 'node-1', status: 'READY', participants: 12 }, { nodeId: 'node-2' }],
    meetings: [
      { placementId: 'b.1', recorded: false },
      { placementId: 'a.1', recorded: true, participantsPeak: 9 },
    ],
    money: {
      currency: 'EUR',
      monthlyMinor: 4_183,
      byTier: [{ tierId: 'micro-organisation', monthlyMinor: 4_183 }],
    },
    trend: { participants: [17], meetings: [2] },
    deadLetters: 0,
  })
  expect(
    latest(watching)
      .membersByTier.slice(0, 4)
      .map(({ count }) => count),
  ).toEqual([1_200, 0, 0, 1])
  expect(latest(watching).health).toHaveLength(6)
  await watching.close()
})

test('an event makes the portal look again, and is told with its trace', async () => {
  await portal.runLoops()
  const watching = await watchLive(portal)
  portal.held.contributions = [contribution('oc-1')]
  const started = eventOf('ContributionStarted', 'oc-1', { contribution: contribution('oc-1') })
  await portal.deliver(started)
  await portal.deliver(started)
  await until(portal, 'the income', () => latest(watching)?.money.monthlyMinor === 2_100)
  expect(watching.events()).toEqual([
    {
      event: 'event',
      id: started.id,
      data: {
        type: 'ContributionStarted',
        id: started.id,
        aggregateId: 'oc-1',
        atMs: startedAtMs,
        traceId: '0af7651916cd43dd8448eb211c80319c',
        what: '€21.00 a month, Micro-organisation',
      },
    },
  ])
  await watching.close()
})

test('who comes later gets the last 50 events, the oldest first', async () => {
  for (let i = 0; i < 60; i++) {
    const data = { memberId: `member-${i}`, admittedAtMs: startedAtMs }
    await portal.deliver(eventOf('MemberAdmitted', `member-${i}`, data, { occurredAtMs: startedAtMs + i }))
  }
  const watching = await watchLive(portal)
  await until(portal, '50 events', () => watching.events().length === 50)
  expect(watching.events().map(({ data }) => data.aggregateId)[0]).toBe('member-10')
  await watching.close()
})

test('a service that is away shows as such, and what it said last stays', async () => {
  portal.held.members = [{ memberId: 'member-1', tierId: 'basic-user' }]
  await portal.runLoops()
  portal.held.away.add('membership')
  const watching = await watchLive(portal)
  const awayIn = () => latest(watching)?.health.find(({ service }) => service === 'membership')?.ready === false
  const data = { memberId: 'member-2', admittedAtMs: startedAtMs }
  await portal.deliver(eventOf('MemberAdmitted', 'member-2', data))
  await until(portal, 'membership away', awayIn)
  expect(latest(watching).totals.members).toBe(1)
  await watching.close()
})

test('recordings are counted once, whatever comes twice or late', async () => {
  const recording = (recordingId: string, status: 'RECEIVED' | 'PUBLISHED' | 'DELETED') => ({
    recording: {
      recordingId,
      tenantId: 't',
      memberId: 'm',
      placementId: 'a.1',
      nodeId: 'node-1',
      status,
      locked: false,
      spaceBytes: 1_500_000,
    },
  })
  const received = eventOf('RecordingReceived', 'r1', recording('r1', 'RECEIVED'))
  const stored = eventOf('RecordingStored', 'r1', recording('r1', 'PUBLISHED'))
  const gone = eventOf('RecordingDeleted', 'r2', recording('r2', 'DELETED'))
  for (const event of [stored, received, stored, gone]) await portal.deliver(event)
  const watching = await watchLive(portal)
  await until(portal, 'a picture', () => watching.pictures().length > 0)
  expect(latest(watching).totals.recordings).toBe(1)
  await watching.close()
})

test('ten thousand members are not listed for every event', async () => {
  portal.held.members = Array.from({ length: 10_000 }, (_, i) => ({
    memberId: `member-${String(i).padStart(16, '0')}`,
    tierId: 'basic-user',
  }))
  await portal.runLoops()
  const before = portal.held.lists.members
  for (let i = 0; i < 200; i++) {
    await portal.deliver(eventOf('TierGranted', `member-${i}`, { memberId: `member-${i}`, tierId: 'basic-user' }))
    await portal.runLoops()
  }
  expect(portal.held.lists.members - before).toBeLessThanOrEqual(21)
})
