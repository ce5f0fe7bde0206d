import { createHmac } from 'node:crypto'
import type { Contributor } from '@meetcoop/contracts/billing'
import { isRefusal } from '@meetcoop/decider'
import type { House } from '@meetcoop/service'
import { execute } from '@meetcoop/store'
import { contributionDecider, type ContributionCommand, type OrderFacts } from '../contribution/contribution.ts'
import type { Order } from '../opencollective/order.ts'
import type { Collections } from '../store.ts'

type Seen = { causeId: string; observedAtMs: number; refundedMinor?: number }

export type Observe = ReturnType<typeof openObserve>

/** Decides on an order as OpenCollective shows it now. An order of no tier of ours leaves no trace. */
export function openObserve(house: House, { contributions, contributors }: Collections) {
  const { coop, clock, secrets } = house
  const tierIds = new Map(
    coop.tiers.flatMap(({ id, opencollectiveTiers }) => opencollectiveTiers.map((oc) => [oc, id])),
  )

  const tierOrder = coop.tiers.map(({ id }) => id)

  const decideOn = async (id: string, causeId: string, command: ContributionCommand) => {
    const known = await contributions.get(id)
    const decision = contributionDecider.decide(known?.state ?? contributionDecider.initial, command)
    // Nearly always nothing is new: then nothing is written and no span is made.
    if (isRefusal(decision) || decision.length === 0) return decision
    const executed = await execute(contributions, contributionDecider, { id, causeId, command, nowMs: clock.nowMs() })
    return 'refused' in executed ? executed : executed.events
  }

  const keepContributor = async (id: string, order: Order): Promise<void> => {
    const known = await contributors.get(id)
    const state = contributorOf(id, order, known?.state)
    if (JSON.stringify(state) === JSON.stringify(known?.state)) return
    await contributors.write({ id, expectedVersion: known?.version ?? 0, state })
  }

  return async (order: Order, seen: Seen): Promise<'changed' | 'unchanged' | 'foreign'> => {
    const id = `oc-${order.legacyId}`
    const account = `contributor:${order.fromAccount.legacyId}`
    const contributorId = `contributor-${createHmac('sha256', secrets.hostAccountKey).update(account).digest('hex').slice(0, 16)}`
    const tierId = order.tier ? tierIds.get(order.tier.legacyId) : undefined
    // Whoever hears that it started asks who it is: the name is there first.
    if (tierId && order.frequency !== 'ONETIME') await keepContributor(contributorId, order)
    const nowMs = clock.nowMs()
    const facts = factsOf(order, { id, contributorId, seen })
    const command = { type: 'ObserveOrder', order: facts, tierId, tierOrder, nowMs, graceDays: coop.graceDays } as const
    const observed = await decideOn(id, seen.causeId, command)
    if (isRefusal(observed)) return 'foreign'
    // Only now is it known that nothing was paid meanwhile: rights never end on what was seen before.
    const passed = await decideOn(id, `${seen.causeId}.time`, { type: 'PassTime', nowMs })
    return observed.length > 0 || (!isRefusal(passed) && passed.length > 0) ? 'changed' : 'unchanged'
  }
}

const factsOf = (
  order: Order,
  { id, contributorId, seen }: { id: string; contributorId: string; seen: Seen },
): OrderFacts => ({
  contributionId: id,
  contributorId,
  status: order.status,
  frequency: order.frequency,
  amountMinor: order.amount.valueInCents,
  currency: order.amount.currency,
  nextChargeAtMs: order.nextChargeDate ?? undefined,
  updatedAtMs: order.updatedAt,
  observedAtMs: seen.observedAtMs,
  refundedMinor: seen.refundedMinor,
})

// E-mail addresses are told to some tokens and not to others: silence does not erase what is known.
function contributorOf(id: string, { fromAccount }: Order, known: Contributor | undefined): Contributor {
  const { isIncognito, slug, name, emails, type } = fromAccount
  return {
    contributorId: id,
    slug: isIncognito ? '' : slug,
    name: isIncognito ? '' : (name ?? ''),
    email: emails?.[0] ?? known?.email ?? '',
    organisation: type === 'ORGANIZATION',
  }
}
