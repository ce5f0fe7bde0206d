import type { Fact } from '@meetcoop/contracts'
import type { Entitlements } from '@meetcoop/contracts/membership'

/** What one contribution counts for. */
export type Counted = {
  contributionId: string
  /** The version last seen: of two the higher one counts. */
  version: number
  tierId: string
  live: boolean
  /** 0 for one that does not end. */
  rightsUntilMs: number
}

export type HostAccount = {
  open: boolean
  generation: number
  /** Until when the secret before this one is good too; 0 if it is not. */
  previousUntilMs: number
}

export type MemberState = {
  memberId: string
  admittedAtMs: number
  tierId: string
  entitlements?: Entitlements
  contributions: Readonly<Record<string, Counted>>
  /** Host accounts agreed beyond the tier. */
  agreedHostAccounts: number
  /** The first is `<member>-h1`. A closed one whose secret was rotated keeps its place, and so the generation. */
  hostAccounts: readonly HostAccount[]
}

export type MemberFact = Fact<
  | 'MemberAdmitted'
  | 'ContributionCounted'
  | 'HostAccountsAgreed'
  | 'TierGranted'
  | 'TierLapsed'
  | 'EntitlementsSet'
  | 'HostAccountOpened'
  | 'HostAccountClosed'
  | 'HostAccountSecretRotated'
>

export const nobody: MemberState = {
  memberId: '',
  admittedAtMs: 0,
  tierId: '',
  contributions: {},
  agreedHostAccounts: 0,
  hostAccounts: [],
}

/** The id of the member's nth host account, from 0; it is the tenant's id at the gateway too. */
export const hostAccountIdOf = (memberId: string, index: number): string => `${memberId}-h${index + 1}`

/** The member after one more fact. */
export function evolve(state: MemberState, { type, data }: MemberFact): MemberState {
  switch (type) {
    case 'MemberAdmitted':
      return { ...state, ...data }
    case 'ContributionCounted': {
      const { contributionId, contributionVersion: version, tierId, live, rightsUntilMs } = data
      const counted = { contributionId, version, tierId, live, rightsUntilMs }
      return { ...state, contributions: { ...state.contributions, [contributionId]: counted } }
    }
    case 'HostAccountsAgreed':
      return { ...state, agreedHostAccounts: data.beyondTier }
    case 'TierGranted':
      return { ...state, tierId: data.tierId }
    case 'TierLapsed':
      return state
    case 'EntitlementsSet':
      return { ...state, tierId: data.tierId, entitlements: data.entitlements }
    case 'HostAccountOpened':
      return withAccount(state, data.hostAccountId, (known) => ({
        open: true,
        generation: data.secretGeneration,
        previousUntilMs: known?.previousUntilMs ?? 0,
      }))
    case 'HostAccountClosed':
      return withoutTraces(
        withAccount(state, data.hostAccountId, (known) => ({
          generation: 1,
          ...known,
          open: false,
          previousUntilMs: 0,
        })),
      )
    case 'HostAccountSecretRotated': {
      const { hostAccountId, secretGeneration: generation, previousUntilMs } = data
      return withAccount(state, hostAccountId, () => ({ open: true, generation, previousUntilMs }))
    }
  }
}

function withAccount(
  state: MemberState,
  id: string,
  change: (known: HostAccount | undefined) => HostAccount,
): MemberState {
  const index = Number(id.slice(`${state.memberId}-h`.length)) - 1
  const hostAccounts = [...state.hostAccounts]
  hostAccounts[index] = change(hostAccounts[index])
  return { ...state, hostAccounts }
}

// A closed account that never had another secret says nothing: as if it had never been open.
function withoutTraces(state: MemberState): MemberState {
  const last = state.hostAccounts.findLastIndex(({ open, generation }) => open || generation > 1)
  return { ...state, hostAccounts: state.hostAccounts.slice(0, last + 1) }
}
