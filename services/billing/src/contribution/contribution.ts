import type { Fact } from '@meetcoop/contracts'
import type { Contribution } from '@meetcoop/contracts/billing'
import type { Decider, Refusal } from '@meetcoop/decider'

/** What OpenCollective said about one order. */
export type OrderFacts = {
  contributionId: string
  contributorId: string
  /** OpenCollective's OrderStatus. */
  status: string
  frequency: 'MONTHLY' | 'YEARLY' | 'ONETIME'
  /** In minor units, without the platform tip. */
  amountMinor: number
  currency: string
  nextChargeAtMs?: number
  updatedAtMs: number
  /** When it was asked, in real time. */
  observedAtMs: number
  /** All that went back to the contributor so far; undefined where it was not asked for. */
  refundedMinor?: number
}

export type ContributionState = { contribution?: Contribution; refundedMinor: number }

export type ContributionCommand =
  | {
      type: 'ObserveOrder'
      order: OrderFacts
      /** The co-op's tier; undefined where OpenCollective's tier stands for none. */
      tierId: string | undefined
      /** The ids of all tiers, from the least to the greatest. */
      tierOrder: readonly string[]
      nowMs: number
      graceDays: number
    }
  | { type: 'PassTime'; nowMs: number }

export type ContributionFact = Fact<
  | 'ContributionStarted'
  | 'ContributionRenewed'
  | 'ContributionAltered'
  | 'ContributionInGrace'
  | 'ContributionEnded'
  | 'ContributionLapsed'
  | 'ContributionRefunded'
>

const dayMs = 86_400_000

// A failed charge is tried again for 19 days; a pause or a dispute may end well too.
const overdue = new Set(['ERROR', 'PAUSED', 'DISPUTED'])
const over = new Set(['CANCELLED', 'EXPIRED', 'REJECTED', 'REFUNDED'])

/** One order at OpenCollective as the co-op counts it: since when, in which tier, paid until when. */
export const contributionDecider: Decider<ContributionState, ContributionCommand, ContributionFact> = {
  initial: { refundedMinor: 0 },
  decide: (state, command) => {
    if (command.type === 'ObserveOrder') return observe(state, command)
    return passTime(state.contribution, command.nowMs)
  },
  evolve: (state, { type, data }) => ({
    contribution: data.contribution,
    refundedMinor: state.refundedMinor + (type === 'ContributionRefunded' ? data.refundedMinor : 0),
  }),
}

function passTime(known: Contribution | undefined, nowMs: number): ContributionFact[] {
  if (!known) return []
  const waits = known.status === 'IN_GRACE' || known.status === 'ENDED'
  if (waits && nowMs >= known.rightsUntilMs)
    return [{ type: 'ContributionLapsed', data: { contribution: { ...known, status: 'LAPSED' } } }]
  if (!known.lesserTierId || known.status === 'LAPSED' || nowMs < known.lesserFromMs) return []
  const lesser = { ...known, tierId: known.lesserTierId, lesserTierId: '', lesserFromMs: 0 }
  return [{ type: 'ContributionAltered', data: { contribution: lesser } }]
}

type Observation = Extract<ContributionCommand, { type: 'ObserveOrder' }>

function observe(state: ContributionState, command: Observation): readonly ContributionFact[] | Refusal {
  const { order } = command
  const known = state.contribution
  if (!known && !command.tierId) return { refused: 'no-tier-of-ours' }
  if (!known && order.frequency === 'ONETIME') return { refused: 'not-recurring' }
  if (known && isOlder(order, known)) return []
  const next = known?.status === 'LAPSED' && order.status !== 'ACTIVE' ? known : seen(known, command)
  if (!next) return []
  return [...statusFacts(known, next), ...refundFacts(state, next, order)]
}

const isOlder = (order: OrderFacts, known: Contribution) =>
  order.updatedAtMs < known.orderUpdatedAtMs || order.observedAtMs < known.observedAtMs

/** The contribution as the order now shows it; undefined for one that was never active. */
function seen(known: Contribution | undefined, observation: Observation) {
  const { order, nowMs, graceDays } = observation
  const status = statusOf(order.status, known)
  if (!status) return undefined
  // While a charge is overdue its date moves with each try, and a cancellation may erase it.
  const toldMs = order.status === 'ACTIVE' ? order.nextChargeAtMs : undefined
  const paidThroughMs = toldMs ?? known?.paidThroughMs ?? nowMs
  return {
    contributionId: order.contributionId,
    contributorId: order.contributorId,
    ...tierOf(known, observation),
    status,
    amountMinor: order.amountMinor,
    currency: order.currency,
    frequency: order.frequency,
    paidThroughMs,
    rightsUntilMs: paidThroughMs + graceDays * dayMs,
    observedAtMs: order.observedAtMs,
    orderUpdatedAtMs: order.updatedAtMs,
  } satisfies Contribution
}

/** A greater tier counts at once, a lesser one when what was paid for the greater is over. */
function tierOf(known: Contribution | undefined, { tierId, tierOrder, nowMs }: Observation) {
  const { lesserTierId = '', lesserFromMs = 0 } = known ?? {}
  if (known && !tierId) return { tierId: known.tierId, lesserTierId, lesserFromMs }
  const atOnce = { tierId: tierId ?? '', lesserTierId: '', lesserFromMs: 0 }
  if (!known || !tierId || known.status === 'LAPSED') return atOnce
  if (tierOrder.indexOf(tierId) >= tierOrder.indexOf(known.tierId)) return atOnce
  const fromMs = lesserTierId ? lesserFromMs : known.rightsUntilMs
  return nowMs >= fromMs ? atOnce : { tierId: known.tierId, lesserTierId: tierId, lesserFromMs: fromMs }
}

function statusOf(orderStatus: string, known: Contribution | undefined): Contribution['status'] | undefined {
  if (orderStatus === 'ACTIVE') return 'ACTIVE'
  if (!known) return undefined
  if (overdue.has(orderStatus)) return 'IN_GRACE'
  // What is in between (PROCESSING, IN_REVIEW, …) leaves things as they are.
  return over.has(orderStatus) ? 'ENDED' : known.status
}

function statusFacts(known: Contribution | undefined, next: Contribution): ContributionFact[] {
  const data = { contribution: next }
  if (!known) return [{ type: 'ContributionStarted', data }]
  const facts: ContributionFact[] = []
  const wasOver = known.status === 'ENDED' || known.status === 'LAPSED'
  const starts = next.status === 'ACTIVE' && wasOver
  if (starts) facts.push({ type: 'ContributionStarted', data })
  if (!starts && hasOtherTerms(known, next)) facts.push({ type: 'ContributionAltered', data })
  const paidLonger = next.paidThroughMs > known.paidThroughMs || known.status === 'IN_GRACE'
  if (!starts && next.status === 'ACTIVE' && paidLonger) facts.push({ type: 'ContributionRenewed', data })
  if (next.status === 'IN_GRACE' && known.status !== 'IN_GRACE') facts.push({ type: 'ContributionInGrace', data })
  if (next.status === 'ENDED' && known.status !== 'ENDED') facts.push({ type: 'ContributionEnded', data })
  return facts
}

// An earlier next charge comes with a change of frequency, and is part of the terms.
const hasOtherTerms = (known: Contribution, next: Contribution) =>
  next.tierId !== known.tierId ||
  next.lesserTierId !== known.lesserTierId ||
  next.amountMinor !== known.amountMinor ||
  next.currency !== known.currency ||
  next.frequency !== known.frequency ||
  next.paidThroughMs < known.paidThroughMs

function refundFacts(state: ContributionState, next: Contribution, order: OrderFacts): ContributionFact[] {
  const refundedMinor = (order.refundedMinor ?? 0) - state.refundedMinor
  if (refundedMinor <= 0) return []
  return [{ type: 'ContributionRefunded', data: { contribution: next, refundedMinor } }]
}
