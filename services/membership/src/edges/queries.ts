import {
  MembershipQueryServiceService,
  type Member,
  type MembershipQueryServiceServer,
} from '@meetcoop/contracts/membership'
import { answer, QueryRefused, type House } from '@meetcoop/service'
import type { Stored } from '@meetcoop/store'
import { hostAccountIdOf, type MemberState } from '../member/state.ts'
import type { Collections } from '../store.ts'
import { credentialsOf } from './credentials.ts'

const pageDefault = 100
const pageMax = 500

/** What other services may ask. */
export function queries({ secrets, clock }: House, { members, profiles }: Collections) {
  const found = async (memberId: string) => {
    const member = await members.get(memberId)
    if (!member) throw new QueryRefused('NOT_FOUND', 'there is no such member')
    return member
  }
  return answer<MembershipQueryServiceServer>(MembershipQueryServiceService, {
    getMember: async ({ memberId }) => {
      const member = toWire(await found(memberId))
      const profile = (await profiles.get(memberId))?.state
      if (!profile) return { member, profile: undefined }
      const { name, email, slug: opencollectiveSlug } = profile
      return { member, profile: { name, email, opencollectiveSlug } }
    },
    listMembers: async ({ after, limit }) => {
      const page = await members.page({ after, limit: Math.min(limit || pageDefault, pageMax) })
      return { members: page.map(toWire) }
    },
    getCredentials: async ({ memberId }) => {
      const { state } = await found(memberId)
      return { credentials: credentialsOf(state, secrets.hostAccountKey, clock.nowMs()) }
    },
  })
}

const toWire = ({ version, state }: Stored<MemberState>): Member => ({
  memberId: state.memberId,
  tierId: state.tierId,
  entitlements: state.entitlements,
  hostAccountIds: state.hostAccounts.flatMap(({ open }, index) => (open ? hostAccountIdOf(state.memberId, index) : [])),
  admittedAtMs: state.admittedAtMs,
  rightsUntilMs: rightsUntilMs(state),
  version,
})

// The longest of those that give the tier; one without an end has none.
function rightsUntilMs({ contributions, tierId }: MemberState): number {
  const given = Object.values(contributions).filter((each) => each.live && each.tierId === tierId)
  const ends = given.map((each) => each.rightsUntilMs)
  return ends.length === 0 || ends.includes(0) ? 0 : Math.max(...ends)
}
