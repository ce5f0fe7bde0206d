import { describe, expect, test } from '@jest/globals'
import { eventNameOf, factFromJson, factToJson, fullNameOf, sourceOf, subjectOf, UnknownEvent } from './index.ts'

describe('events on the wire', () => {
  test('a subject is the proto name in snake case and the key', () => {
    expect(subjectOf('ContributionInGrace', 'oc-1')).toBe('billing.v1.contribution_in_grace.oc-1')
  })

  test('a key that is not one token is refused', () => {
    expect(() => subjectOf('RoomOpened', 'a.b')).toThrow('not one subject token')
  })

  test('full names lead back to the event', () => {
    expect(fullNameOf('MeetingEnded')).toBe('node_orchestration.v1.MeetingEnded')
    expect(eventNameOf('node_orchestration.v1.MeetingEnded')).toBe('MeetingEnded')
    expect(sourceOf('MeetingEnded')).toBe('node-orchestration')
    expect(() => eventNameOf('node_orchestration.v2.MeetingEnded')).toThrow(UnknownEvent)
  })

  test('a fact survives its JSON', () => {
    const fact = { type: 'TierGranted', data: { memberId: 'm1', tierId: 'small' } } as const
    expect(factFromJson('TierGranted', factToJson(fact))).toEqual(fact)
  })

  test('a number that is none is refused at the edge', () => {
    expect(() => factFromJson('SpaceExhausted', { memberId: 'm', neededBytes: 'many' })).toThrow(TypeError)
  })
})
