import type { Envelope, Fact } from '@meetcoop/contracts'
import type { Decider } from '@meetcoop/decider'

export type Purse = { sum: number }
type Command = { add: number }

/** The smallest aggregate: it adds up, and refuses what is negative. */
export const purse: Decider<Purse, Command, Fact<'ContributionRefunded'>> = {
  initial: { sum: 0 },
  decide: (_, { add }) => {
    if (add < 0) return { refused: 'negative' }
    const data = { contribution: undefined, refundedMinor: add }
    return add === 0 ? [] : [{ type: 'ContributionRefunded', data }]
  },
  evolve: ({ sum }, { data }) => ({ sum: sum + data.refundedMinor }),
}

/** The event `<aggregateId>.<version>.<n>`. */
export const event = (aggregateId: string, version: number, n = 0): Envelope => ({
  id: `${aggregateId}.${version}.${n}`,
  type: 'ContributionRefunded',
  aggregateId,
  version,
  causeId: `cause-${version}`,
  occurredAtMs: 1_000 + version,
  traceparent: '',
  data: { refundedMinor: version },
})

export const idsOf = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id)
