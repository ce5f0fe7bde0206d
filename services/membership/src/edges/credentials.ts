import { createHmac } from 'node:crypto'
import { Credential_Kind, type Credential } from '@meetcoop/contracts/membership'
import { hostAccountIdOf, type MemberState } from '../member/state.ts'

/** A tenant's API secret. Derived whenever it is needed, so it is stored nowhere. */
const secretOf = (key: string, tenantId: string, generation: number): string =>
  createHmac('sha256', key).update(`tenant:${tenantId}:${generation}`).digest('base64url')

/** What lets front ends speak for the member: a credential for each open host account, and one for its rooms. */
export function credentialsOf(member: MemberState, key: string, nowMs: number): Credential[] {
  const accounts = member.hostAccounts.flatMap(({ open, generation, previousUntilMs }, index) => {
    if (!open) return []
    const tenantId = hostAccountIdOf(member.memberId, index)
    const generations = previousUntilMs > nowMs ? [generation, generation - 1] : [generation]
    const secrets = generations.map((each) => secretOf(key, tenantId, each))
    return [{ tenantId, kind: Credential_Kind.HOST_ACCOUNT, secrets }]
  })
  const rooms = `${member.memberId}-rooms`
  return [...accounts, { tenantId: rooms, kind: Credential_Kind.ROOMS, secrets: [secretOf(key, rooms, 1)] }]
}
