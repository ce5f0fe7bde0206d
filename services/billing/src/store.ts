import type { Store } from '@meetcoop/store'
import type { Contributor } from '@meetcoop/contracts/billing'
import type { ContributionState } from './contribution/contribution.ts'

/** One webhook, known by its activity's id. Nothing of its body is kept but the hint. */
export type InboxRow = {
  /** The order to look at, `all` where the webhook does not say which, `none` where it is about something else. */
  hint: number | 'all' | 'none'
  /** Business time, for pruning. */
  receivedAtMs: number
  /** Real time while nobody has taken up the hint. */
  waitingSinceMs: number | null
  traceparent: string
}

/** That an order is to be looked up, and when it last was: all in real time, since OpenCollective counts real minutes. */
export type LookUp = {
  orderLegacyId: number
  wanted: boolean
  hintedAtMs: number
  lookedUpAtMs: number
  /** Look-ups since the hint that found nothing settled. */
  unsettled: number
  causeId: string
  traceparent: string
}

/** No order is looked up more often, whatever comes in. */
export const lookUpEveryMs = 60_000

/** What billing keeps. Contributors are personal data and have a collection of their own. */
export async function openCollections(store: Store) {
  return {
    contributions: await store.collection<ContributionState>('contributions', {
      rightsEndAtMs: ({ contribution }) =>
        contribution && ['IN_GRACE', 'ENDED'].includes(contribution.status) ? contribution.rightsUntilMs : null,
    }),
    contributors: await store.collection<Contributor>('contributors'),
    inbox: await store.collection<InboxRow>('inbox', {
      waitingSinceMs: (row) => row.waitingSinceMs,
      receivedAtMs: (row) => row.receivedAtMs,
    }),
    lookUps: await store.collection<LookUp>('look_ups', {
      dueAtMs: (it) => (it.wanted ? Math.max(it.hintedAtMs, it.lookedUpAtMs + lookUpEveryMs) : null),
      idleSinceMs: (it) => (it.wanted ? null : it.lookedUpAtMs),
    }),
  }
}

export type Collections = Awaited<ReturnType<typeof openCollections>>
