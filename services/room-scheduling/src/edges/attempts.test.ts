import { expect, test } from '@jest/globals'
import { countAttempts } from './attempts.ts'

test('so many attempts in a span, anew in the next, for each key', () => {
  const mayTry = countAttempts({ max: 2, perMs: 100, keysMax: 2 })
  expect([0, 1, 2].map((nowMs) => mayTry('a', nowMs))).toEqual([true, true, false])
  expect([mayTry('b', 3), mayTry('a', 99), mayTry('a', 100)]).toEqual([true, false, true])
})

test('keys are forgotten, oldest first, rather than kept without bound', () => {
  const mayTry = countAttempts({ max: 1, perMs: 100, keysMax: 2 })
  expect([mayTry('a', 0), mayTry('b', 1), mayTry('c', 2), mayTry('b', 3), mayTry('a', 4)]).toEqual([
    true,
    true,
    true,
    false,
    true,
  ])
})
