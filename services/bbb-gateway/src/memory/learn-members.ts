import { limitFromWire } from '@meetcoop/contracts'
import type { Member, MembershipQueryServiceServer } from '@meetcoop/contracts/membership'
import { isNotFound, type Peer } from '@meetcoop/service'
import type { Memory } from './memory.ts'

const pageSize = 500
const atOnce = 16

/** Asks membership who may call and what their tier allows. */
export function learningMembers(memory: Memory, membership: Peer<MembershipQueryServiceServer>) {
  const learn = async ({ memberId, entitlements }: Member): Promise<void> => {
    const { credentials } = await membership.getCredentials({ memberId })
    const rights = {
      sessionMinutes: limitFromWire(entitlements?.sessionMinutes),
      personalRooms: limitFromWire(entitlements?.personalRooms),
      mayRecord: (entitlements?.recordingSpaceBytes ?? 0) > 0,
    }
    const tenants = credentials.map(({ tenantId, kind, secrets }) => ({
      tenantId,
      memberId,
      isRooms: kind === 'ROOMS',
      secrets,
    }))
    memory.setMember(memberId, rights, tenants)
  }

  return {
    all: async (): Promise<void> => {
      const known = new Set(memory.memberIds())
      for (let after: string | undefined = ''; after !== undefined;) {
        const { members }: { members: Member[] } = await membership.listMembers({ after, limit: pageSize })
        for (let n = 0; n < members.length; n += atOnce) await Promise.all(members.slice(n, n + atOnce).map(learn))
        for (const { memberId } of members) known.delete(memberId)
        after = members.length < pageSize ? undefined : members.at(-1)?.memberId
      }
      for (const memberId of known) memory.removeMember(memberId)
    },

    one: async (memberId: string): Promise<void> => {
      try {
        const { member } = await membership.getMember({ memberId })
        if (member) await learn(member)
      } catch (error) {
        if (!isNotFound(error)) throw error
        memory.removeMember(memberId)
      }
    },
  }
}
