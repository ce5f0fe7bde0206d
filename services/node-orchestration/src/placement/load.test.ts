import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { chooseNode } from './choose.ts'
import { loadOf, type Weighing } from './load.ts'

const minute = 60_000
const weighing = fc.record({ participants: fc.nat(500), ageMs: fc.nat(60 * minute) })

describe('the load of a node', () => {
  test.each<[string, Weighing[], number]>([
    ['nothing weighs nothing', [], 0],
    ['a new meeting keeps 20 seats', [{ participants: 0, ageMs: 0 }], 22],
    ['half of them after ten minutes', [{ participants: 0, ageMs: 10 * minute }], 12],
    ['none after twenty', [{ participants: 0, ageMs: 20 * minute }], 2],
    ['who has come sits on a kept seat', [{ participants: 5, ageMs: 0 }], 22],
    ['a large meeting weighs what is in it', [{ participants: 80, ageMs: 0 }], 82],
    ['a meeting from the future is a new one', [{ participants: 0, ageMs: -minute }], 22],
  ])('%s', (_rule, meetings, load) => {
    expect(loadOf(meetings)).toBe(load)
  })

  test('falls with age and grows with people and meetings', () => {
    fc.assert(
      fc.property(fc.array(weighing, { maxLength: 20 }), weighing, (others, meeting) => {
        const load = loadOf([...others, meeting])
        expect(loadOf([...others, { ...meeting, ageMs: meeting.ageMs + minute }])).toBeLessThanOrEqual(load)
        expect(loadOf([...others, { ...meeting, participants: meeting.participants + 1 }])).toBeGreaterThanOrEqual(load)
        expect(load).toBeGreaterThan(loadOf(others))
      }),
    )
  })
})

describe('the choice of a node', () => {
  test('the least loaded is chosen', () => {
    const candidates = [
      { nodeId: 'a', load: 3 },
      { nodeId: 'b', load: 2 },
      { nodeId: 'c', load: 9 },
    ]
    expect(chooseNode('m', candidates)).toBe('b')
  })

  test('nobody can be chosen from none', () => {
    expect(chooseNode('m', [])).toBeUndefined()
  })

  test('equals are chosen by the meeting, whatever their order, and all get their share', () => {
    const candidates = ['a', 'b', 'c', 'd'].map((nodeId) => ({ nodeId, load: 0 }))
    const chosen = Array.from({ length: 400 }, (_, n) => {
      const one = chooseNode(`meeting-${n}`, candidates)
      expect(chooseNode(`meeting-${n}`, candidates.toReversed())).toBe(one)
      return one
    })
    for (const { nodeId } of candidates) expect(chosen.filter((each) => each === nodeId).length).toBeGreaterThan(60)
  })

  test('a burst of creates spreads: at most one meeting more here than there', () => {
    const nodes = Array.from({ length: 22 }, (_, n) => ({ nodeId: `node-${n}`, meetings: [] as Weighing[] }))
    for (let n = 0; n < 200; n++) {
      for (const { meetings } of nodes) for (const meeting of meetings) meeting.ageMs += 5
      const chosen = chooseNode(
        `m-${n}`,
        nodes.map(({ nodeId, meetings }) => ({ nodeId, load: loadOf(meetings) })),
      )
      nodes.find(({ nodeId }) => nodeId === chosen)?.meetings.push({ participants: 0, ageMs: 0 })
    }
    const counts = nodes.map(({ meetings }) => meetings.length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  })
})
