import { describe, expect, test } from '@jest/globals'
import { afterAnswer, afterSilence, excused, faultIsOurs, unknownHealth, verdictOn, type Health } from './health.ts'

const polls = (pattern: string, everyMs = 1_000): { health: Health; nowMs: number } => {
  let nowMs = 0
  let health = unknownHealth(nowMs)
  for (const poll of pattern) {
    nowMs += everyMs
    health = poll === '+' ? afterAnswer(health, nowMs) : afterSilence(health)
  }
  return { health, nowMs }
}

describe('the verdict on a node', () => {
  test.each([
    ['answering', '+++', undefined],
    ['answering', '+-', undefined],
    ['answering', '-+-+-', undefined],
    ['answering', '+--', 'suspected'],
    ['suspected', '+--', undefined],
    ['suspected', `+${'-'.repeat(29)}`, undefined],
    ['suspected', `+${'-'.repeat(30)}`, 'lost'],
    ['suspected', '--++', undefined],
    ['suspected', '--+++', 'returned'],
    ['suspected', '--++-', undefined],
    ['lost', '-'.repeat(60), undefined],
    ['lost', '++', undefined],
    ['lost', '+++', 'returned'],
  ] as const)('%s, polled %s: %s', (condition, pattern, verdict) => {
    const { health, nowMs } = polls(pattern)
    expect(verdictOn(health, condition, nowMs)).toBe(verdict)
  })

  test('a silence that is excused counts anew', () => {
    const { health, nowMs } = polls('-'.repeat(40))
    const later = nowMs + 29_000
    expect(verdictOn(excused(health, nowMs), 'suspected', later)).toBeUndefined()
    expect(verdictOn(excused(health, nowMs), 'suspected', later + 1_000)).toBe('lost')
  })

  test.each([
    [1, 1, false],
    [2, 2, false],
    [1, 3, false],
    [2, 3, true],
    [1, 4, false],
    [2, 4, true],
    [17, 50, true],
    [16, 50, false],
  ])('%i silent of %i: the fault is ours: %s', (silent, nodes, ours) => {
    expect(faultIsOurs(silent, nodes)).toBe(ours)
  })
})
