import { afterEach, describe, expect, test } from '@jest/globals'
import { gatewayUnderTest, secrets, type GatewayUnderTest } from '../service-under-test.ts'

let gateway: GatewayUnderTest
afterEach(() => gateway.close())

const open = async () => {
  gateway = await gatewayUnderTest()
  await gateway.runLoops()
}
const bob = { tenantId: 'bob-h1', secret: secrets.bob }
const room = { meetingID: 'room', name: 'Room' }
const keyOf = (text: string, tenantId = 'ann-h1') => `${tenantId}-${Buffer.from(text).toString('hex')}`

describe('what others tell', () => {
  test('an ended meeting is forgotten by its event, and an older list does not bring it back', async () => {
    await open()
    await gateway.ask('create', room)
    const live = gateway.orchestration.live.get(keyOf('room'))
    const ended = { ...live?.placement, status: 'ENDED' }
    await gateway.deliver(placementEvent('MeetingEnded', ended, 3))
    await gateway.deliver(placementEvent('MeetingEnded', ended, 3))
    await gateway.deliver(placementEvent('MeetingStarted', { ...live?.placement, status: 'RUNNING' }, 2))
    await gateway.runLoops()
    expect((await gateway.ask('join', { meetingID: 'room', fullName: 'A' })).reply?.messageKey).toBe(
      'invalidMeetingIdentifier',
    )
  })

  test('a meeting that another gateway created is learnt by its event', async () => {
    await open()
    const { live } = await gateway.orchestration.locate({
      tenantId: 'ann-h1',
      memberId: 'ann',
      externalMeetingId: 'far',
      reserve: true,
      recorded: false,
    })
    await gateway.deliver(placementEvent('MeetingPlaced', live.placement ?? {}, 1))
    await gateway.runLoops()
    expect((await gateway.ask('join', { meetingID: 'far', fullName: 'A' })).status).toBe(302)
  })

  test('a new secret, and the loss of an account, are learnt by their events', async () => {
    await open()
    gateway.membership.set('ann', ['new'])
    gateway.membership.remove('bob')
    await gateway.deliver(memberEvent('ann'))
    await gateway.deliver(memberEvent('bob'))
    await gateway.runLoops()
    expect((await gateway.ask('getMeetings', {})).reply?.messageKey).toBe('checksumError')
    expect((await gateway.ask('getMeetings', {}, { tenantId: 'ann-h1', secret: 'new' })).reply?.messageKey).toBe(
      'noMeetings',
    )
    expect((await gateway.ask('getMeetings', {}, bob)).reply?.messageKey).toBe('checksumError')
  })
})

const envelope = { causeId: 'c', occurredAtMs: 1, traceparent: '' }
const memberEvent = (memberId: string) =>
  ({
    ...envelope,
    id: `${memberId}.2.0`,
    type: 'EntitlementsSet',
    aggregateId: memberId,
    version: 2,
    data: { memberId },
  }) as const
const placementEvent = (
  type: 'MeetingPlaced' | 'MeetingStarted' | 'MeetingEnded',
  placement: object,
  version: number,
) => ({
  ...envelope,
  id: `k.${version}.0`,
  type,
  aggregateId: 'k',
  version,
  data: { placement },
})
