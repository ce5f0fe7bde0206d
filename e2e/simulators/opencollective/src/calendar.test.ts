import { expect, test } from '@jest/globals'
import { firstRenewalMs, nextAttemptMs, nextRenewalMs, renewalAfterIntervalChangeMs } from './calendar.ts'
import type { Interval } from './model.ts'

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

test.each<[string, Interval, string]>([
  ['2026-09-10', 'month', '2026-10-01'],
  ['2026-09-15', 'month', '2026-10-01'],
  ['2026-09-16', 'month', '2026-11-01'],
  ['2026-09-20', 'month', '2026-11-01'],
  ['2026-12-20', 'month', '2027-02-01'],
  ['2027-01-31', 'month', '2027-03-01'],
  ['2026-09-20', 'year', '2027-09-01'],
  ['2026-09-01', 'year', '2027-09-01'],
])('joining on %s, paying each %s, the next charge is on %s', (joined, interval, next) => {
  expect(day(firstRenewalMs(Date.parse(joined), interval))).toBe(next)
})

test.each<[string, Interval, string]>([
  ['2026-10-01', 'month', '2026-11-01'],
  ['2026-12-01', 'month', '2027-01-01'],
  ['2027-09-01', 'year', '2028-09-01'],
])('the period of %s, paid each %s, is followed by %s', (period, interval, next) => {
  expect(day(nextRenewalMs(Date.parse(period), interval))).toBe(next)
})

test('failures are retried on days 2, 4, 9, 14 and 19', () => {
  const start = Date.parse('2026-10-01T06:12:00Z')
  const days: number[] = []
  let atMs = start
  for (let retries = 1; retries <= 5; retries++) {
    atMs = nextAttemptMs(atMs, retries)
    days.push((atMs - Date.parse('2026-10-01')) / 86_400_000)
  }
  expect(days).toEqual([2, 4, 9, 14, 19])
})

test.each<[string, string, Interval, string]>([
  ['2026-10-01', '2026-09-20', 'year', '2027-01-01'],
  ['2027-09-01', '2026-09-20', 'month', '2026-10-01'],
  ['2026-09-01', '2026-09-20', 'year', '2026-09-01'],
])('planned for %s, changed on %s to each %s: %s', (planned, now, interval, next) => {
  expect(day(renewalAfterIntervalChangeMs(Date.parse(planned), Date.parse(now), interval))).toBe(next)
})
