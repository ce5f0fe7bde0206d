import { createHash, createHmac } from 'node:crypto'

/** The member whose room it is: a room's id is the member's, `-r` and a number. */
export const memberOf = (roomId: string): string => roomId.replace(/-r\d{1,9}$/, '')

/** The tenant at the gateway that a member's own rooms meet under. */
export const tenantOf = (memberId: string): string => `${memberId}-rooms`

/** The member a tenant's meetings are of, if they are meetings of rooms. */
export const memberOfTenant = (tenantId: string): string | undefined => /^(.+)-rooms$/.exec(tenantId)?.[1]

/** A room's meeting on the nodes; its meeting id at the gateway is the room's id. */
export function meetingKeyOf(callbackKey: string, roomId: string): string {
  const tenantId = tenantOf(memberOf(roomId))
  const digest = createHmac('sha256', callbackKey).update(`meeting:${tenantId}:${roomId}`).digest('hex')
  return `${tenantId}-${digest.slice(0, 20)}`
}

/** Where the index has a join token. The index itself opens nothing. */
export const linkId = (joinToken: string): string => createHash('sha256').update(joinToken).digest('base64url')
