import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Placement } from '@meetcoop/contracts/node-orchestration'
import { given, isRefusal } from '@meetcoop/decider'
import { isLive, placementDecider, type PlacementCommand, type PlacementEvent } from './placement.ts'

const meetingKey = 't-0123456789abcdef0123'
const usage = { participantsPeak: 3, participantMinutes: 12.5 }
const none = { participantsPeak: 0, participantMinutes: 0 }
const ids = { meetingKey, tenantId: 't', memberId: 'm' }

const placement = (n: number, over: Partial<Placement> = {}): Placement => ({
  ...ids,
  placementId: `${meetingKey}.${n}`,
  nodeId: 'a',
  internalMeetingId: '',
  status: 'RESERVED',
  recorded: false,
  placedAtMs: 1,
  startedAtMs: 0,
  endedAtMs: 0,
  ...none,
  ...over,
})
const event = (type: PlacementEvent['type'], of: Placement): PlacementEvent => ({ type, data: { placement: of } })
const running = (n: number, over: Partial<Placement> = {}) =>
  placement(n, { status: 'RUNNING', internalMeetingId: 'i-1', startedAtMs: 2, ...over })

const placed = event('MeetingPlaced', placement(1))
const started = event('MeetingStarted', running(1))
const ended = event('MeetingEnded', running(1, { status: 'ENDED', endedAtMs: 9, ...usage }))
const lost = event('MeetingLost', running(1, { status: 'LOST', endedAtMs: 9, ...usage }))
const expired = event('MeetingLost', placement(1, { status: 'LOST', endedAtMs: 9 }))

const reserve = (nodeId: string, nowMs = 1, silentNodeIds: string[] = []): PlacementCommand => ({
  type: 'reserve',
  ...ids,
  nodeId,
  recorded: false,
  silentNodeIds,
  nowMs,
})
const seen = (nodeId: string, internalMeetingId: string, nowMs = 2): PlacementCommand => ({
  type: 'seen',
  nodeId,
  internalMeetingId,
  recorded: false,
  usage,
  nowMs,
})
const gone = (nodeId: string, internalMeetingId: string): PlacementCommand => ({
  type: 'gone',
  nodeId,
  internalMeetingId,
  usage,
  nowMs: 9,
})
const lose = (nodeId: string): PlacementCommand => ({ type: 'lose', nodeId, usage, nowMs: 9 })
const expire = (n: number): PlacementCommand => ({ type: 'expire', placementId: `${meetingKey}.${n}`, nowMs: 9 })

const second = event('MeetingPlaced', placement(2, { nodeId: 'b', placedAtMs: 10 }))
const again = [
  event('MeetingPlaced', placement(2, { placedAtMs: 10 })),
  event('MeetingStarted', running(2, { internalMeetingId: 'i-2', placedAtMs: 10, startedAtMs: 10 })),
]

describe('a placement', () => {
  test.each<[string, PlacementEvent[], PlacementCommand, object]>([
    ['is reserved on the chosen node', [], reserve('a'), [placed]],
    ['is reserved once', [placed], reserve('b'), []],
    ['is where the meeting runs', [placed, started], reserve('b'), []],
    ['is a new one after the end', [placed, started, ended], reserve('b', 10), [second]],
    ['is a new one after a loss', [placed, started, lost], reserve('b', 10), [second]],
    [
      'moves if the meeting never came and its node is silent',
      [placed],
      reserve('b', 10, ['a']),
      [event('MeetingLost', placement(1, { status: 'LOST', endedAtMs: 10 })), second],
    ],
    ['stays where people are, though the node is silent', [placed, started], reserve('b', 10, ['a']), []],
    ['runs when its node has it', [placed], seen('a', 'i-1'), [started]],
    ['runs once', [placed, started], seen('a', 'i-1'), []],
    ['is not seen on another node', [placed], seen('b', 'i-1'), []],
    ['is nothing to those who never asked for it', [], seen('a', 'i-1'), []],
    ['ends when its node no longer has it', [placed, started], gone('a', 'i-1'), [ended]],
    ['ends once', [placed, started, ended], gone('a', 'i-1'), []],
    ['does not end for want of another one', [placed, started], gone('a', 'i-0'), []],
    ['does not end on another node', [placed, started], gone('b', 'i-1'), []],
    ['does not end before it was seen', [placed], gone('a', 'i-1'), []],
    [
      'is another one when the node has it with a new creation time',
      [placed, started],
      seen('a', 'i-2', 10),
      [event('MeetingEnded', running(1, { status: 'ENDED', endedAtMs: 10, ...usage })), ...again],
    ],
    [
      'comes after the end when a create was quicker than the poll',
      [placed, started, ended],
      seen('a', 'i-2', 10),
      again,
    ],
    ['does not come back from its own end', [placed, started, ended], seen('a', 'i-1', 10), []],
    ['is lost with its node', [placed, started], lose('a'), [lost]],
    ['is not lost with another node', [placed, started], lose('b'), []],
    ['is lost once', [placed, started, lost], lose('a'), []],
    ['expires when it never came', [placed], expire(1), [expired]],
    ['does not expire when it runs', [placed, started], expire(1), []],
    ['does not expire for an earlier one', [placed, started, ended, second], expire(1), []],
    [
      'is found again when its node comes back with it',
      [placed, started, lost],
      seen('a', 'i-1', 10),
      [event('MeetingStarted', running(1, usage))],
    ],
    ['is found late', [placed, expired], seen('a', 'i-1'), [started]],
    ['is not a stale one on a node that came back', [placed, started, lost, second], seen('a', 'i-1', 10), []],
    ['is not a strange one where it was lost', [placed, started, lost], seen('a', 'i-7', 10), []],
  ])('%s', (_rule, past, command, then) => {
    expect(given(placementDecider, past).when(command).then).toEqual(then)
  })

  const node = fc.constantFrom('a', 'b')
  const internal = fc.constantFrom('i-1', 'i-2', 'i-3')
  const commands = fc.array(
    fc.oneof(
      node.map((nodeId) => reserve(nodeId)),
      fc.tuple(node, internal).map(([nodeId, id]) => seen(nodeId, id)),
      fc.tuple(node, internal).map(([nodeId, id]) => gone(nodeId, id)),
      node.map(lose),
      fc.integer({ min: 1, max: 4 }).map(expire),
    ),
    { maxLength: 40 },
  )

  test('whatever happens, one use lives at a time, numbers grow, and each use ends at most once per start', () => {
    fc.assert(
      fc.property(commands, (history) => {
        let meeting = placementDecider.initial
        let placements = 0
        for (const command of history) {
          const decided = placementDecider.decide(meeting, command)
          if (isRefusal(decided)) throw new Error('placements are never refused')
          for (const each of decided) {
            const before = meeting.latest
            meeting = placementDecider.evolve(meeting, each)
            if (each.type === 'MeetingPlaced') expect(isLive(before)).toBe(false)
            if (each.type === 'MeetingPlaced') expect(meeting.latest?.placementId).toBe(`${meetingKey}.${++placements}`)
            if (each.type === 'MeetingEnded') expect(before?.status).toBe('RUNNING')
            if (each.type === 'MeetingLost') expect(isLive(before)).toBe(true)
          }
          expect(meeting.past.length).toBeLessThanOrEqual(30)
        }
      }),
    )
  })
})
