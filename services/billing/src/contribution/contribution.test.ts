import { describe, expect, test } from '@jest/globals'
import { given } from '@meetcoop/decider'
import {
  contributionDecider,
  type ContributionCommand,
  type ContributionFact,
  type OrderFacts,
} from './contribution.ts'

const day = 86_400_000
const graceDays = 20

// Days are counted from the first charge; the next is due on day 30.
const firstOrder: OrderFacts = {
  contributionId: 'oc-1',
  contributorId: 'contributor-1',
  status: 'ACTIVE',
  frequency: 'MONTHLY',
  amountMinor: 2_100,
  currency: 'EUR',
  nextChargeAtMs: 30 * day,
  updatedAtMs: 0,
  observedAtMs: 0,
}

/** What is seen on a day, where it differs from the first order. */
const seen = (
  onDay: number,
  order: Partial<OrderFacts> = {},
  tierId: string | null = 'micro',
): ContributionCommand => ({
  type: 'ObserveOrder',
  order: { ...firstOrder, updatedAtMs: onDay * day, observedAtMs: onDay * day, ...order },
  tierId: tierId ?? undefined,
  tierOrder: ['micro', 'small', 'large'],
  nowMs: onDay * day,
  graceDays,
})
const time = (onDay: number): ContributionCommand => ({ type: 'PassTime', nowMs: onDay * day })

function after(...commands: ContributionCommand[]): ContributionFact[] {
  const past: ContributionFact[] = []
  for (const command of commands) {
    const { then } = given(contributionDecider, past).when(command)
    if ('refused' in then) throw new Error(`the past was refused: ${then.refused}`)
    past.push(...then)
  }
  return past
}

/** A refusal as it is; facts by name, each with its status, tier and the days it is paid and has rights until. */
function told(past: ContributionFact[], command: ContributionCommand) {
  const { then } = given(contributionDecider, past).when(command)
  if ('refused' in then) return then.refused
  return then.map(({ type, data: { contribution } }) => {
    const { status, tierId, paidThroughMs = 0, rightsUntilMs = 0 } = contribution ?? {}
    return `${type.replace('Contribution', '')} ${status} ${tierId} ${paidThroughMs / day} ${rightsUntilMs / day}`
  })
}

const nothing: string[] = []
const started = after(seen(0))
const small = after(seen(0, {}, 'small'))
const lesser = after(seen(0, {}, 'small'), seen(2))
const inGrace = after(seen(0), seen(30, { status: 'ERROR', nextChargeAtMs: 32 * day }))
const ended = after(seen(0), seen(5, { status: 'CANCELLED' }))
const lapsed = after(seen(0), seen(5, { status: 'CANCELLED' }), time(50))
const soon = { nextChargeAtMs: 60 * day }

describe('a contribution', () => {
  test.each([
    ['starts when it is first seen active', [], seen(0), ['Started ACTIVE micro 30 50']],
    ['does not start before money has come', [], seen(0, { status: 'PENDING' }), nothing],
    ['does not start with an order that failed from the first', [], seen(0, { status: 'ERROR' }), nothing],
    ['does not start with a tier that is none of the co-op’s', [], seen(0, {}, null), 'no-tier-of-ours'],
    ['does not start with a single payment', [], seen(0, { frequency: 'ONETIME' }), 'not-recurring'],
    [
      'without a date is paid until it is seen',
      [],
      seen(3, { nextChargeAtMs: undefined }),
      ['Started ACTIVE micro 3 23'],
    ],
    ['that is seen unchanged says nothing', started, seen(1), nothing],
    ['is renewed when the next charge is later', started, seen(30, soon), ['Renewed ACTIVE micro 60 80']],
    ['is altered by another tier, at once', started, seen(2, {}, 'small'), ['Altered ACTIVE small 30 50']],
    [
      'keeps a greater tier until what was paid for it and grace are over',
      small,
      seen(2),
      ['Altered ACTIVE small 30 50'],
    ],
    ['keeps it through renewals at the lesser price', lesser, seen(30, soon), ['Renewed ACTIVE small 60 80']],
    ['does not take the lesser tier before', lesser, time(49.99), nothing],
    ['takes the lesser tier then', lesser, time(50), ['Altered ACTIVE micro 30 50']],
    [
      'takes it then by a look too',
      lesser,
      seen(50, soon),
      ['Altered ACTIVE micro 60 80', 'Renewed ACTIVE micro 60 80'],
    ],
    [
      'raised again in time never was lesser',
      after(seen(0, {}, 'small'), seen(2), seen(3, {}, 'large')),
      time(50),
      nothing,
    ],
    [
      'cancelled in between lapses, whatever the tier',
      after(seen(0, {}, 'small'), seen(2), seen(5, { status: 'CANCELLED' })),
      time(50),
      ['Lapsed LAPSED small 30 50'],
    ],
    ['is altered by another amount', started, seen(2, { amountMinor: 100 }), ['Altered ACTIVE micro 30 50']],
    ['is altered by another currency', started, seen(2, { currency: 'GBP' }), ['Altered ACTIVE micro 30 50']],
    [
      'is altered by another frequency, which may bring the next charge nearer',
      started,
      seen(2, { frequency: 'YEARLY', nextChargeAtMs: 20 * day }),
      ['Altered ACTIVE micro 20 40'],
    ],
    [
      'can be altered and renewed in one',
      started,
      seen(30, soon, 'small'),
      ['Altered ACTIVE small 60 80', 'Renewed ACTIVE small 60 80'],
    ],
    [
      'whose tier was deleted at OpenCollective keeps it',
      started,
      seen(30, soon, null),
      ['Renewed ACTIVE micro 60 80'],
    ],
    [
      'is in grace when a charge fails, however the next try moves',
      started,
      seen(30, { status: 'ERROR', nextChargeAtMs: 35 * day }),
      ['InGrace IN_GRACE micro 30 50'],
    ],
    ['is in grace while paused', started, seen(5, { status: 'PAUSED' }), ['InGrace IN_GRACE micro 30 50']],
    ['is in grace while disputed', started, seen(5, { status: 'DISPUTED' }), ['InGrace IN_GRACE micro 30 50']],
    ['stays as it is while something is processed', started, seen(5, { status: 'PROCESSING' }), nothing],
    ['in grace is told of once', inGrace, seen(34, { status: 'ERROR', nextChargeAtMs: 39 * day }), nothing],
    ['in grace is renewed by the charge', inGrace, seen(34, soon), ['Renewed ACTIVE micro 60 80']],
    ['in grace goes on without a new date', inGrace, seen(34), ['Renewed ACTIVE micro 30 50']],
    ['in grace lapses when grace is over', inGrace, time(50), ['Lapsed LAPSED micro 30 50']],
    ['in grace does not lapse before', inGrace, time(49.99), nothing],
    [
      'ends by cancelling, and stays paid for',
      started,
      seen(5, { status: 'CANCELLED', nextChargeAtMs: undefined }),
      ['Ended ENDED micro 30 50'],
    ],
    ['in grace ends after the last try', inGrace, seen(49, { status: 'CANCELLED' }), ['Ended ENDED micro 30 50']],
    ['ends when it is refunded as a whole', started, seen(5, { status: 'REFUNDED' }), ['Ended ENDED micro 30 50']],
    ['ended lapses when grace is over', ended, time(50), ['Lapsed LAPSED micro 30 50']],
    ['ended does not lapse before', ended, time(49.99), nothing],
    ['ended starts again', ended, seen(10, soon), ['Started ACTIVE micro 60 80']],
    ['never lapses while OpenCollective has it as active', started, time(400), nothing],
    ['lapses once', lapsed, time(51), nothing],
    ['lapsed stays so whatever is cancelled', lapsed, seen(60, { status: 'CANCELLED', amountMinor: 1 }), nothing],
    ['lapsed starts again', lapsed, seen(70, { nextChargeAtMs: 90 * day }, 'small'), ['Started ACTIVE small 90 110']],
    ['is not undone by what was seen before', ended, seen(4, { updatedAtMs: 5 * day }), nothing],
    ['is not undone by what was true before', ended, seen(6, { updatedAtMs: 4 * day }), nothing],
    ['tells of a refund', started, seen(3, { refundedMinor: 700 }), ['Refunded ACTIVE micro 30 50']],
  ])('%s', (_rule, past, command, expected) => {
    expect(told(past, command)).toEqual(expected)
  })

  test('tells of each refund once, by what is new in it', () => {
    const past = after(seen(0), seen(1, { refundedMinor: 700 }), seen(2, { refundedMinor: 700 }), seen(3))
    const { then } = given(contributionDecider, past).when(seen(4, { refundedMinor: 1_000 }))
    expect(then).toMatchObject([{ type: 'ContributionRefunded', data: { refundedMinor: 300 } }])
  })
})
