import { createHash } from 'node:crypto'

/** The member behind a contributor: the id is derived, so nobody has to look it up. */
export const memberOf = (contributorId: string): string =>
  `member-${createHash('sha256').update(`member:${contributorId}`).digest('hex').slice(0, 16)}`
