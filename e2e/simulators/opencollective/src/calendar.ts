// When OpenCollective charges. All dates are UTC; facts from its recurring contributions code.
import type { Interval } from './model.ts'

const dayMs = 86_400_000

/** The 6th failed charge in a row cancels the subscription. */
export const maxRetries = 6

/** The first charge after joining: the 1st of next month, a month later when joined after the 15th; yearly, the 1st of the same month next year. */
export function firstRenewalMs(joinedAtMs: number, interval: Interval): number {
  const joined = new Date(joinedAtMs)
  if (interval === 'year') return Date.UTC(joined.getUTCFullYear() + 1, joined.getUTCMonth(), 1)
  return monthStartMs(joinedAtMs, joined.getUTCDate() > 15 ? 2 : 1)
}

/** The charge after a successful one. `periodAtMs` is the day the paid charge was planned for, retries aside. */
export function nextRenewalMs(periodAtMs: number, interval: Interval): number {
  const period = new Date(periodAtMs)
  const months = interval === 'year' ? 12 : 1
  return Date.UTC(period.getUTCFullYear(), period.getUTCMonth() + months, period.getUTCDate())
}

/** The charge after a failed one: two days on for the first two, then five, always at midnight (days 2, 4, 9, 14, 19). */
export function nextAttemptMs(failedAtMs: number, retries: number): number {
  return Math.floor(failedAtMs / dayMs) * dayMs + (retries > 2 ? 5 : 2) * dayMs
}

/** Where an interval change moves the next charge: an overdue one stays; yearly, next 1 January; monthly, the start of a coming month. */
export function renewalAfterIntervalChangeMs(plannedAtMs: number, nowMs: number, interval: Interval): number {
  if (plannedAtMs < nowMs) return plannedAtMs
  if (interval === 'year') return Date.UTC(new Date(nowMs).getUTCFullYear() + 1, 0, 1)
  return monthStartMs(nowMs, new Date(plannedAtMs).getUTCDate() > 15 ? 2 : 1)
}

/** The 1st, 00:00, of the month `monthsAhead` after the one that holds `atMs`. */
export function monthStartMs(atMs: number, monthsAhead: number): number {
  const at = new Date(atMs)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + monthsAhead, 1)
}
