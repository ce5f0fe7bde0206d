import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { contribution, node, placement } from '../testing-peers.ts'
import { drawPicture, meetingsMax, monthlyMinorOf, nothingKnown } from './picture.ts'
import { noTrend, sampled } from './trend.ts'

const coop = { name: 'Co-op', currency: 'EUR', tiers: [{ id: 'basic', name: 'Basic' }] }
const draw = (known: Partial<typeof nothingKnown>) => drawPicture({ ...nothingKnown, ...known }, coop, noTrend, 0)

describe('income a month', () => {
  test.each([
    ['a monthly one counts whole', {}, 2_100],
    ['a yearly one counts a twelfth', { frequency: 'YEARLY', amountMinor: 12_000 }, 1_000],
    ['one that is given once counts nothing', { frequency: 'ONETIME' }, 0],
    ['one whose charge is overdue counts nothing', { status: 'IN_GRACE' }, 0],
    ['one that was cancelled counts nothing', { status: 'ENDED' }, 0],
  ] as const)('%s', (_rule, change, minor) => expect(monthlyMinorOf(contribution('oc-1', change))).toBe(minor))
})

test('twelfths are rounded once, at the end', () => {
  const monthlyMinor = new Map([
    ['a', 100 / 3],
    ['b', 100 / 3],
    ['c', 100 / 3],
  ])
  expect(draw({ income: { contributions: 3, monthlyMinor } }).money.monthlyMinor).toBe(100)
})

test('a tier that the co-op no longer has is shown as long as somebody stands in it', () => {
  expect(draw({ members: new Map([['bygone', 2]]) }).membersByTier).toEqual([
    { tierId: 'basic', name: 'Basic', count: 0 },
    { tierId: 'bygone', name: 'bygone', count: 2 },
  ])
})

test('the newest meetings are listed, all are counted', () => {
  const placements = Array.from({ length: 150 }, (_, i) => placement(`m${i}`, { startedAtMs: i }))
  const picture = draw({ placements })
  expect(picture.totals.meetings).toBe(150)
  expect(picture.meetings).toHaveLength(meetingsMax)
  expect(picture.meetings[0]?.startedAtMs).toBe(149)
})

test('people are the sum over the nodes, whatever the nodes are', () => {
  const counts = fc.array(fc.nat(5_000), { maxLength: 50 })
  fc.assert(
    fc.property(counts, (participants) => {
      const nodes = participants.map((each, i) => node(`node-${i}`, { participants: each }))
      expect(draw({ nodes }).totals.participants).toBe(participants.reduce((a, b) => a + b, 0))
    }),
  )
})

test('no address, no secret, no name of a member reaches the picture', () => {
  const told = JSON.stringify(draw({ nodes: [node('node-1')], placements: [placement('a')] }))
  expect(told).not.toMatch(/https?:|internalMeetingId|memberId|tenantId/)
})

test('the trend forgets what is older than an hour', () => {
  const now = { participants: 1, meetings: 1 }
  let trend = noTrend
  for (let second = 0; second < 7_200; second += 15) trend = sampled(trend, second * 1_000, now)
  expect(trend.atMs).toHaveLength(240)
  expect(trend.atMs.at(-1)! - trend.atMs[0]!).toBeLessThan(3_600_000)
  expect(trend.participants).toHaveLength(240)
})
