import { createHash } from 'node:crypto'

/** The co-op's own member. */
export const houseMemberId = 'member-house'

/** The same contributor is the same member, for ever. */
export const memberIdOf = (contributorId: string): string =>
  `member-${createHash('sha256').update(`member:${contributorId}`).digest('hex').slice(0, 16)}`

/** The member that a host account's id speaks of; undefined if it is no such id. */
export const memberIdOfHostAccount = (hostAccountId: string): string | undefined =>
  /^(member-[a-z0-9]+)-h\d{1,5}$/.exec(hostAccountId)?.[1]
