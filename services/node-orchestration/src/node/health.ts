import type { Node, Verdict } from './node.ts'

/** What the last polls of a node told. Times are of a clock that never jumps. */
export type Health = { answeredAtMs: number; badInRow: number; goodInRow: number }

const badUntilSuspected = 2
const silenceUntilLostMs = 30_000
const goodUntilReturned = 3

/** Where nothing is known yet: the silence counts from now. */
export const unknownHealth = (nowMs: number): Health => ({ answeredAtMs: nowMs, badInRow: 0, goodInRow: 0 })

export const afterAnswer = (health: Health, nowMs: number): Health => ({
  answeredAtMs: nowMs,
  badInRow: 0,
  goodInRow: health.goodInRow + 1,
})

export const afterSilence = (health: Health): Health => ({ ...health, badInRow: health.badInRow + 1, goodInRow: 0 })

/** Silent through no fault of its own, it seems: the silence is counted anew from now. */
export const excused = (health: Health, nowMs: number): Health => ({ ...health, answeredAtMs: nowMs, badInRow: 1 })

/** Going down is quick and coming back is slow, so that a flapping node gets no meetings. */
export function verdictOn(health: Health, condition: Node['condition'], nowMs: number): Verdict | undefined {
  if (condition === 'answering') return health.badInRow >= badUntilSuspected ? 'suspected' : undefined
  if (health.goodInRow >= goodUntilReturned) return 'returned'
  if (condition === 'suspected' && health.badInRow > 0 && nowMs - health.answeredAtMs >= silenceUntilLostMs)
    return 'lost'
  return undefined
}

/** When more than a third of three or more nodes fall silent together, the fault is more likely ours than theirs. */
export const faultIsOurs = (silent: number, nodes: number): boolean => nodes >= 3 && silent > nodes / 3
