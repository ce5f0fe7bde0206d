import { afterEach, describe, expect, test } from '@jest/globals'
import type { Placement } from '@meetcoop/contracts/node-orchestration'
import { serviceUnderTest, type ServiceUnderTest } from './service-under-test.ts'

let service: ServiceUnderTest
afterEach(() => service.close())

const bearer = { authorization: `Bearer ${'operator-'.padEnd(43, '0')}` }

/** Places a meeting and creates it on its node, as the gateway does. */
async function create(room: string) {
  const live = await service.locate(room)
  if (!live?.placement) throw new Error('not placed')
  const { nodeId, meetingKey } = live.placement
  const reply = await service.node(nodeId).client.create({ meetingID: meetingKey, name: room })
  expect(reply.returncode).toBe('SUCCESS')
  await service.sweep()
  return { ...live, placement: live.placement }
}

const enter = ({ nodeId, meetingKey }: Placement, name: string) =>
  service.node(nodeId).sandbox(`meetings/${meetingKey}/participants`, { name, role: 'VIEWER' })

const placementsOf = async (type: string) =>
  (await service.written())
    .filter((event) => event.type === type)
    .map((event) => (event.data as { placement: object }).placement)

describe('placing', () => {
  test('a hundred callers at once get one node and equal answers', async () => {
    service = await serviceUnderTest(3)
    const answers = await Promise.all(Array.from({ length: 100 }, () => service.locate('room')))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await service.locate('room')).toEqual(answers[0])
    expect((await service.events()).filter((type) => type === 'MeetingPlaced')).toHaveLength(1)
  })

  test('a hundred meetings at once spread over all nodes', async () => {
    service = await serviceUnderTest(3)
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => service.locate(`room-${n}`)))
    const counts = service.nodes.map(
      ({ nodeId }) => answers.filter((live) => live?.placement?.nodeId === nodeId).length,
    )
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  })

  test('tenants with the same meeting id do not meet', async () => {
    service = await serviceUnderTest(1)
    const one = await service.locate('room')
    const other = await service.locate('room', { tenantId: 't-h2' })
    expect(one?.placement?.meetingKey).not.toBe(other?.placement?.meetingKey)
  })

  test('to look reserves nothing', async () => {
    service = await serviceUnderTest(1)
    expect(await service.locate('room', { reserve: false })).toBeUndefined()
    const live = await service.locate('room')
    expect(await service.locate('room', { reserve: false })).toEqual(live)
  })

  test('nothing is placed where no node is ready, and the caller learns it', async () => {
    service = await serviceUnderTest(1)
    await service.app.inject({ method: 'POST', url: '/operator/nodes/node-1/drain', headers: bearer })
    await expect(service.locate('room')).rejects.toMatchObject({ name: 'QueryRefused', code: 8 })
  })

  test('the answer names the meeting, its events do not', async () => {
    service = await serviceUnderTest(1)
    const live = await service.locate('Anna Schmidt')
    expect(live?.externalMeetingId).toBe('Anna Schmidt')
    expect(JSON.stringify(await service.written())).not.toContain('Anna')
    expect((await service.placements.listPlacements({ after: '', limit: 0 })).placements).toEqual([live])
    const key = live?.placement?.meetingKey ?? ''
    expect((await service.placements.listPlacements({ after: key, limit: 0 })).placements).toEqual([])
  })
})

describe('watching meetings', () => {
  test('a meeting starts, is used and ends', async () => {
    service = await serviceUnderTest(2)
    const { placement } = await create('room')
    await enter(placement, 'Ann')
    await enter(placement, 'Bob')
    await service.sweep()
    service.pass(10)
    await enter(placement, 'Cem')
    await service.sweep()
    const [living] = (await service.placements.listPlacements({ after: '', limit: 0 })).placements
    expect(living?.placement).toMatchObject({ status: 'RUNNING', participantsPeak: 3, participantMinutes: 2 * 10 })
    service.pass(5)
    await service.node(placement.nodeId).client.end(placement.meetingKey)
    await waitFor(
      async () => (await service.events()).includes('MeetingEnded'),
      () => service.sweep(),
    )
    expect(await placementsOf('MeetingEnded')).toEqual([
      expect.objectContaining({
        placementId: placement.placementId,
        status: 'ENDED',
        participantsPeak: 3,
        participantMinutes: 2 * 10 + 3 * 5,
        internalMeetingId: expect.stringMatching(/^[0-9a-f]{40}-\d+$/),
      }),
    ])
    expect(await service.locate('room', { reserve: false })).toBeUndefined()
    expect((await service.locate('room'))?.placement?.placementId).toBe(`${placement.meetingKey}.2`)
  })

  test('usage outlives a restart of the ledger', async () => {
    service = await serviceUnderTest(1)
    const { placement } = await create('room')
    await enter(placement, 'Ann')
    await service.sweep(2, 20_000)
    const { openUsageLedger } = await import('./observe/usage-ledger.ts')
    const { openCollections } = await import('./store.ts')
    const { attendance } = await openCollections(service.house.store)
    service.pass(7)
    const ledger = await openUsageLedger(attendance, service.house.clock.nowMs)
    expect(ledger.usage(placement.nodeId, placement.placementId)).toEqual({
      participantsPeak: 1,
      participantMinutes: 7,
    })
  })

  test('a reservation that nobody uses is given up after two minutes', async () => {
    service = await serviceUnderTest(1)
    await service.locate('room')
    await service.sweep(119)
    expect(await service.events()).not.toContain('MeetingLost')
    await service.sweep(2)
    expect(await service.events()).toContain('MeetingLost')
    expect(await service.locate('room', { reserve: false })).toBeUndefined()
  })

  test('a callback makes the node be looked at, and proves nothing by itself', async () => {
    service = await serviceUnderTest(1)
    const { placement, callbackToken } = await create('room')
    const call = () => service.app.inject({ url: `/callbacks/meeting-ended/${callbackToken}` })
    expect((await call()).statusCode).toBe(200)
    await service.sweep()
    expect(await service.events()).not.toContain('MeetingEnded')
    await service.node(placement.nodeId).client.end(placement.meetingKey)
    await waitFor(async () => (await service.events()).includes('MeetingEnded'), call)
    const forged = await service.app.inject({ url: `/callbacks/meeting-ended/${callbackToken.slice(0, -1)}x` })
    expect(forged.statusCode).toBe(404)
  })

  test('what ended can be found by its recording and by its callback', async () => {
    service = await serviceUnderTest(1)
    const { placement, callbackToken } = await create('room')
    const [started] = (await placementsOf('MeetingStarted')) as Placement[]
    const { internalMeetingId = '' } = started ?? {}
    await service.node(placement.nodeId).sandbox('crash')
    await service.node(placement.nodeId).sandbox('return')
    await service.sweep()
    service.pass(1)
    await create('room')
    const found = await service.placements.findPlacement({ internalMeetingId })
    expect(found).toMatchObject({ externalMeetingId: 'room', placement: { placementId: placement.placementId } })
    expect((await service.placements.resolveCallback({ callbackToken })).placement).toEqual(found.placement)
    await expect(service.placements.resolveCallback({ callbackToken: 'x' })).rejects.toMatchObject({ code: 5 })
    await expect(service.placements.findPlacement({ internalMeetingId: 'x-1' })).rejects.toMatchObject({ code: 5 })
  })
})

describe('nodes that fall silent', () => {
  test('are suspected, then lost with their meetings, and come back slowly', async () => {
    service = await serviceUnderTest(2)
    const { placement } = await create('room')
    const node = service.node(placement.nodeId)
    await node.sandbox('behaviour', { fail: 'garbage' })
    await service.sweep()
    expect(await service.events()).not.toContain('NodeSuspected')
    await service.sweep()
    expect(await service.events()).toContain('NodeSuspected')
    await service.sweep(27)
    expect((await service.locate('room'))?.placement?.placementId).toBe(placement.placementId)
    await service.sweep(3)
    expect(await service.events()).toEqual(expect.arrayContaining(['NodeLost', 'MeetingLost']))
    const moved = (await service.locate('room'))?.placement
    expect(moved).toMatchObject({ placementId: `${placement.meetingKey}.2` })
    expect(moved?.nodeId).not.toBe(placement.nodeId)

    await node.sandbox('behaviour', { fail: 'none' })
    await service.sweep(2)
    expect(await service.events()).not.toContain('NodeReturned')
    await service.sweep()
    expect(await service.events()).toContain('NodeReturned')
    // The old copy still runs there; it is not the new meeting.
    expect((await service.locate('room'))?.placement).toEqual(moved)
  })

  test('one bad answer sends new meetings elsewhere at once', async () => {
    service = await serviceUnderTest(2)
    await service.node('node-1').sandbox('behaviour', { fail: 'http500' })
    await service.sweep()
    for (const room of ['a', 'b', 'c']) expect((await service.locate(room))?.placement?.nodeId).toBe('node-2')
  })

  test('a crash that loses all meetings ends them; the node stays', async () => {
    service = await serviceUnderTest(1)
    await create('room')
    await service.node('node-1').sandbox('crash')
    await service.node('node-1').sandbox('return')
    await service.sweep()
    expect(await service.events()).toEqual(['NodeRegistered', 'MeetingPlaced', 'MeetingStarted', 'MeetingEnded'])
  })

  test('when most fall silent together nothing is judged', async () => {
    service = await serviceUnderTest(3)
    const { placement } = await create('room')
    for (const { sandbox } of service.nodes.slice(0, 2)) await sandbox('behaviour', { fail: 'http500' })
    await service.sweep(60)
    expect(await service.events()).not.toContain('NodeSuspected')
    expect((await service.locate('room'))?.placement?.placementId).toBe(placement.placementId)
    expect((await service.locate('new'))?.placement?.nodeId).toBe('node-3')
    await service.node('node-1').sandbox('behaviour', { fail: 'none' })
    await service.sweep(3)
    expect((await service.events()).filter((type) => type === 'NodeSuspected')).toHaveLength(1)
  })
})

describe('operators', () => {
  test('must show their token', async () => {
    service = await serviceUnderTest(1)
    expect((await service.app.inject({ method: 'POST', url: '/operator/nodes/node-1/drain' })).statusCode).toBe(401)
  })

  test('add, drain and remove nodes', async () => {
    service = await serviceUnderTest(2)
    const call = (method: 'POST' | 'DELETE', url: string, payload?: object) =>
      service.app.inject({ method, url, headers: bearer, ...(payload ? { payload } : {}) })
    const { placement } = await create('room')
    expect((await call('DELETE', `/operator/nodes/${placement.nodeId}`)).statusCode).toBe(409)
    expect((await call('POST', `/operator/nodes/${placement.nodeId}/drain`)).json()).toMatchObject({
      status: 'DRAINING',
    })
    expect((await call('DELETE', '/operator/nodes/nobody')).statusCode).toBe(404)
    expect((await call('POST', '/operator/nodes', { nodeId: 'x' })).statusCode).toBe(400)
    const { nodeId, url, secret } = service.node(placement.nodeId)
    const added = await call('POST', '/operator/nodes', { nodeId, url, secret, region: 'eu' })
    expect(added.json()).toMatchObject({ nodeId, status: 'READY' })
    expect(added.body).not.toContain(secret)
    await service.node(placement.nodeId).client.end(placement.meetingKey)
    await waitFor(
      async () => (await service.events()).includes('MeetingEnded'),
      () => service.sweep(),
    )
    expect((await call('DELETE', `/operator/nodes/${nodeId}`)).json()).toMatchObject({ status: 'RETIRED' })
    expect((await service.nodeQueries.listNodes({})).nodes.map(({ status }) => status).toSorted()).toEqual([
      'READY',
      'RETIRED',
    ])
  })

  test('the nodes’ secrets lie encrypted in the store', async () => {
    service = await serviceUnderTest(1)
    const { openCollections } = await import('./store.ts')
    const { access } = await openCollections(service.house.store)
    expect(JSON.stringify(await access.page({ limit: 10 }))).not.toContain('secret-of-node-1')
    const { nodes } = await service.nodeQueries.listNodeAccess({})
    expect(nodes).toEqual([expect.objectContaining({ nodeId: 'node-1', secret: 'secret-of-node-1' })])
  })

  test('metrics tell the nodes', async () => {
    service = await serviceUnderTest(1)
    const { placement } = await create('room')
    await enter(placement, 'Ann')
    await service.sweep()
    const metrics = await service.house.metrics.metrics()
    expect(metrics).toContain('nodes{status="READY"} 1')
    expect(metrics).toContain('node_participants{node="node-1"} 1')
    expect(metrics).toContain('node_load{node="node-1"} 22')
  })
})

async function waitFor(condition: () => Promise<boolean>, step: () => Promise<unknown>): Promise<void> {
  const giveUpAt = performance.now() + 5_000
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error('waited in vain')
    await step()
    await new Promise((resolve) => setImmediate(resolve))
  }
}
