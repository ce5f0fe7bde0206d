import type { Limit } from '@meetcoop/contracts'

/** Who may call: a host account, or the rooms of a member. Two secrets while one is being rotated. */
export type Tenant = { tenantId: string; memberId: string; isRooms: boolean; secrets: readonly string[] }
/** What a member's tier allows in a meeting. */
export type Rights = { sessionMinutes: Limit; personalRooms: Limit; mayRecord: boolean }

const houseMemberId = 'member-house'

/** The members and their tenants. */
export function createMembers(onChange: () => void) {
  const members = new Map<string, { rights: Rights; tenants: readonly Tenant[] }>()
  const tenants = new Map<string, Tenant>()

  const removeMember = (memberId: string): void => {
    for (const { tenantId } of members.get(memberId)?.tenants ?? []) tenants.delete(tenantId)
    if (members.delete(memberId)) onChange()
  }
  return {
    setMember: (memberId: string, rights: Rights, ofMember: readonly Tenant[]): void => {
      if (JSON.stringify(members.get(memberId)) === JSON.stringify({ rights, tenants: ofMember })) return
      removeMember(memberId)
      members.set(memberId, { rights, tenants: ofMember })
      for (const tenant of ofMember) tenants.set(tenant.tenantId, tenant)
      onChange()
    },
    removeMember,
    members: () => [...members].map(([memberId, member]) => ({ memberId, ...member })),
    memberIds: (): string[] => [...members.keys()],
    tenant: (tenantId: string): Tenant | undefined => tenants.get(tenantId),
    /** The co-op's own, who may call at the bare address: a few, whatever the number of members. */
    houseTenants: (): readonly Tenant[] => members.get(houseMemberId)?.tenants ?? [],
    rights: (memberId: string): Rights | undefined => members.get(memberId)?.rights,
  }
}
