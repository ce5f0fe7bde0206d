import type { Entitlements } from '@meetcoop/contracts/membership'
import type { Decider, Refusal } from '@meetcoop/decider'
import type { Catalogue } from './catalogue.ts'
import { evolve, hostAccountIdOf, nobody, type Counted, type MemberFact, type MemberState } from './state.ts'

export type MemberCommand =
  | { type: 'CountContribution'; memberId: string; counted: Counted; catalogue: Catalogue; nowMs: number }
  /** The catalogue may be another one since the member was last looked at. */
  | { type: 'Review'; catalogue: Catalogue }
  | { type: 'AgreeHostAccount'; catalogue: Catalogue }
  | { type: 'RotateSecret'; hostAccountId: string; previousUntilMs: number }

/** As many as a tier or an agreement may give: a member is one document. */
export const hostAccountsMax = 10_000

/** A member: what its contributions count for, and the rights that follow from the best of them. */
export const memberDecider: Decider<MemberState, MemberCommand, MemberFact> = {
  initial: nobody,
  decide: (state, command) => {
    switch (command.type) {
      case 'CountContribution':
        return count(state, command)
      case 'Review':
        return review(state, command.catalogue)
      case 'AgreeHostAccount':
        return agree(state, command.catalogue)
      case 'RotateSecret':
        return rotate(state, command)
    }
  },
  evolve,
}

function count(state: MemberState, command: Extract<MemberCommand, { type: 'CountContribution' }>) {
  const { memberId, counted, catalogue, nowMs } = command
  const { version, ...rest } = counted
  const known = state.contributions[counted.contributionId]
  if (known && known.version >= version) return []
  const facts: MemberFact[] = []
  if (!state.memberId) facts.push({ type: 'MemberAdmitted', data: { memberId, admittedAtMs: nowMs } })
  facts.push({ type: 'ContributionCounted', data: { memberId, contributionVersion: version, ...rest } })
  return [...facts, ...review(facts.reduce(evolve, state), catalogue)]
}

function agree(state: MemberState, catalogue: Catalogue): readonly MemberFact[] | Refusal {
  if (state.tierId === catalogue.basicTier) return { refused: 'basic-tier' }
  if ((state.entitlements?.hostAccounts ?? 0) >= hostAccountsMax) return { refused: 'too-many-host-accounts' }
  const beyondTier = state.agreedHostAccounts + 1
  const agreed: MemberFact = { type: 'HostAccountsAgreed', data: { memberId: state.memberId, beyondTier } }
  return [agreed, ...review(evolve(state, agreed), catalogue)]
}

function rotate(state: MemberState, command: Extract<MemberCommand, { type: 'RotateSecret' }>) {
  const { hostAccountId, previousUntilMs } = command
  const account = state.hostAccounts.find((_, index) => hostAccountIdOf(state.memberId, index) === hostAccountId)
  if (!account?.open) return { refused: 'no-open-host-account' }
  const secretGeneration = account.generation + 1
  const data = { memberId: state.memberId, hostAccountId, secretGeneration, previousUntilMs }
  return [{ type: 'HostAccountSecretRotated', data }] satisfies MemberFact[]
}

/** What must change so that tier, rights and host accounts are those that the live contributions give. */
function review(state: MemberState, catalogue: Catalogue): MemberFact[] {
  const { memberId } = state
  const tier = bestLiveTier(state, catalogue)
  const basic = tier.id === catalogue.basicTier
  const { id: tierId, rights } = tier
  const agreed = basic ? 0 : state.agreedHostAccounts
  const hostAccounts = Math.min(rights.hostAccounts + agreed, hostAccountsMax)
  const entitlements: Entitlements = { ...rights, hostAccounts }

  const facts: MemberFact[] = []
  if (tierId !== state.tierId && basic && state.tierId)
    facts.push({ type: 'TierLapsed', data: { memberId, tierId: state.tierId } })
  else if (tierId !== state.tierId) facts.push({ type: 'TierGranted', data: { memberId, tierId } })
  if (facts.length > 0 || !sameRights(entitlements, state.entitlements))
    facts.push({ type: 'EntitlementsSet', data: { memberId, tierId, entitlements } })
  return [...facts, ...hostAccountFacts(state, hostAccounts)]
}

function bestLiveTier({ contributions }: MemberState, { tiers, basicTier }: Catalogue) {
  const live = new Set(Object.values(contributions).flatMap(({ live, tierId }) => (live ? [tierId] : [])))
  const best = tiers.findLast(({ id }) => live.has(id)) ?? tiers.find(({ id }) => id === basicTier)
  if (!best) throw new Error(`the catalogue has no tier ${basicTier}`)
  return best
}

// Opened from the first, closed from the newest.
function hostAccountFacts({ memberId, hostAccounts }: MemberState, wanted: number): MemberFact[] {
  const facts: MemberFact[] = []
  for (let index = 0; index < wanted; index++) {
    const account = hostAccounts[index]
    if (account?.open) continue
    const hostAccountId = hostAccountIdOf(memberId, index)
    const secretGeneration = account?.generation ?? 1
    facts.push({ type: 'HostAccountOpened', data: { memberId, hostAccountId, secretGeneration } })
  }
  for (let index = hostAccounts.length - 1; index >= wanted; index--) {
    const hostAccountId = hostAccountIdOf(memberId, index)
    if (hostAccounts[index]?.open) facts.push({ type: 'HostAccountClosed', data: { memberId, hostAccountId } })
  }
  return facts
}

const sameRights = (a: Entitlements, b: Entitlements | undefined) =>
  b !== undefined &&
  a.hostAccounts === b.hostAccounts &&
  a.recordingSpaceBytes === b.recordingSpaceBytes &&
  a.vote === b.vote &&
  a.personalRooms?.bound?.value === b.personalRooms?.bound?.value &&
  a.sessionMinutes?.bound?.value === b.sessionMinutes?.bound?.value
