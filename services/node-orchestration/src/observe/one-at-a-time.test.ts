import { expect, test } from '@jest/globals'
import { oneAtATime } from './one-at-a-time.ts'

test('who asks while one runs shares the one after it', async () => {
  const ends: (() => void)[] = []
  const run = oneAtATime(() => new Promise((resolve) => ends.push(resolve)))
  const first = run('a')
  const second = run('a')
  expect(run('a')).toBe(second)
  expect(ends).toHaveLength(1)
  ends[0]?.()
  await first
  expect(run('a')).toBe(second)
  await Promise.resolve()
  expect(ends).toHaveLength(2)
  ends[1]?.()
  await second
})

test('keys do not wait for each other, and a failure stops nothing', async () => {
  const ran: string[] = []
  const run = oneAtATime(async (key) => {
    ran.push(key)
    if (key === 'bad') throw new Error('bad')
  })
  await Promise.allSettled([run('bad'), run('good'), run('bad')])
  expect(ran).toEqual(['bad', 'good', 'bad'])
})
