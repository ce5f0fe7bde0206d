import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createMemory, type LiveMeeting } from './memory.ts'

const rights = { sessionMinutes: 'unlimited', personalRooms: 'unlimited', mayRecord: true } as const
const tenant = (memberId: string, secret: string) => ({
  tenantId: `${memberId}-h1`,
  memberId,
  isRooms: false,
  secrets: [secret],
})
const meeting = (version: number, over: Partial<LiveMeeting> = {}): LiveMeeting => ({
  meetingKey: 'key',
  tenantId: 'a-h1',
  externalMeetingId: 'room',
  placementId: 'key.1',
  nodeId: `node-${version}`,
  internalMeetingId: `internal-${version}`,
  isRunning: true,
  callbackToken: 'token',
  version,
  ...over,
})

describe('memory', () => {
  test('what is told in any order, and twice, ends with the newest', () => {
    const told = fc.array(fc.record({ version: fc.integer({ min: 1, max: 6 }), isEnd: fc.boolean() }), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(told, (events) => {
        // One version is either of the two, however often it is told.
        const isEnd = new Map(events.map((event) => [event.version, event.isEnd]))
        const memory = createMemory()
        for (const { version } of events) {
          if (isEnd.get(version)) memory.forgetMeeting(meeting(version))
          else memory.putMeeting(meeting(version))
        }
        const newest = Math.max(0, ...isEnd.keys())
        const expected = newest > 0 && !isEnd.get(newest) ? `node-${newest}` : undefined
        expect(memory.findMeeting('a-h1', 'room')?.nodeId).toBe(expected)
        expect(memory.meetings()).toHaveLength(expected ? 1 : 0)
        expect(memory.meetingsOf('a-h1').size).toBe(expected ? 1 : 0)
      }),
    )
  })

  test('a meeting is found by both its ids, by its tenant only', () => {
    const memory = createMemory()
    memory.putMeeting(meeting(1))
    memory.putMeeting(meeting(2))
    expect(memory.findMeeting('a-h1', 'internal-2')?.version).toBe(2)
    expect(memory.findMeeting('a-h1', 'internal-1')).toBeUndefined()
    expect(memory.findMeeting('b-h1', 'internal-2')).toBeUndefined()
    expect(memory.findMeeting('b-h1', 'room')).toBeUndefined()
  })

  test('the end of one use does not end the next, though one write told both', () => {
    const memory = createMemory()
    const next = meeting(2, { placementId: 'key.2' })
    memory.putMeeting(meeting(1))
    memory.forgetMeeting(meeting(2))
    memory.putMeeting(next)
    memory.forgetMeeting(meeting(2))
    expect(memory.findMeeting('a-h1', 'room')).toEqual(next)
  })

  test('a member’s tenants are replaced as a whole', () => {
    const memory = createMemory()
    memory.setMember('a', rights, [tenant('a', 'old')])
    const before = memory.changes()
    memory.setMember('a', rights, [tenant('a', 'old')])
    expect(memory.changes()).toBe(before)
    memory.setMember('a', rights, [])
    expect(memory.tenant('a-h1')).toBeUndefined()
  })

  test('survives being written down', () => {
    const memory = createMemory()
    memory.setMember('member-house', rights, [tenant('member-house', 's')])
    memory.putMeeting(meeting(1))
    memory.setNodes([{ nodeId: 'n', url: 'u', secret: 's' }])
    const again = createMemory()
    again.remember(JSON.parse(JSON.stringify(memory.memories())))
    expect(again.memories()).toEqual(memory.memories())
    expect(again.houseTenants()).toEqual([tenant('member-house', 's')])
  })
})
