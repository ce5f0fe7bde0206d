import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isRefusal } from '@meetcoop/decider'
import { memberDecider, type MemberCommand } from './member.ts'
import type { Catalogue } from './catalogue.ts'
import type { MemberState } from './state.ts'

const ids = ['basic', 'micro', 'small', 'large']
const catalogue: Catalogue = {
  basicTier: 'basic',
  tiers: ids.map((id, hostAccounts) => ({
    id,
    rights: {
      personalRooms: { bound: { $case: 'atMost', value: hostAccounts + 1 } },
      sessionMinutes: { bound: { $case: 'unlimited', value: true } },
      hostAccounts,
      recordingSpaceBytes: hostAccounts * 1e9,
      vote: hostAccounts > 0,
    },
  })),
}

/** What becomes of a few contributions of one member: of each its versions, in order. */
const histories = fc
  .array(
    fc.array(fc.record({ tierId: fc.constantFrom(...ids, 'gone'), live: fc.boolean(), rightsUntilMs: fc.nat() }), {
      minLength: 1,
      maxLength: 6,
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((contributions) =>
    contributions.flatMap((versions, n) =>
      versions.map((seen, v) => ({ contributionId: `oc-${n}`, version: v + 1, ...seen })),
    ),
  )

const count = (counted: Extract<MemberCommand, { type: 'CountContribution' }>['counted']): MemberCommand => ({
  type: 'CountContribution',
  memberId: 'member-1',
  counted,
  catalogue,
  nowMs: 7,
})

const step = (state: MemberState, command: MemberCommand) => {
  const decision = memberDecider.decide(state, command)
  return isRefusal(decision) ? state : decision.reduce(memberDecider.evolve, state)
}
const live = (commands: readonly MemberCommand[]) => commands.reduce(step, memberDecider.initial)

/** What a state comes to. A place that was opened once and closed again is the same as one that never was. */
const endOf = ({ hostAccounts, contributions, ...rest }: MemberState) => ({
  ...rest,
  contributions: Object.fromEntries(Object.entries(contributions).sort()),
  open: hostAccounts.flatMap(({ open, generation }, index) => (open ? [[index, generation]] : [])),
})

const deliveries = histories.chain((events) => {
  const lists = { once: fc.constant(events), again: fc.shuffledSubarray(events) }
  const all = fc.shuffledSubarray(events, { minLength: events.length })
  return fc
    .record({ ...lists, shuffled: all })
    .map(({ once, again, shuffled }) => ({ once, delivered: [...shuffled, ...again] }))
})

test('any order and any number of deliveries give the same member', () => {
  fc.assert(
    fc.property(deliveries, ({ once, delivered }) => {
      expect(endOf(live(delivered.map(count)))).toEqual(endOf(live(once.map(count))))
    }),
    { numRuns: 500 },
  )
})

test('a member has as many open host accounts as rights to them, and the first ones', () => {
  fc.assert(
    fc.property(deliveries, fc.nat({ max: 2 }), ({ delivered }, agreed) => {
      let state = memberDecider.initial
      for (const command of [
        ...delivered.map(count),
        ...Array<MemberCommand>(agreed).fill({ type: 'AgreeHostAccount', catalogue }),
      ]) {
        state = step(state, command)
        const open = endOf(state).open.map(([index]) => index)
        expect(open).toEqual(Array.from({ length: state.entitlements?.hostAccounts ?? 0 }, (_, index) => index))
      }
    }),
  )
})

test('what is decided leaves nothing to review', () => {
  fc.assert(
    fc.property(deliveries, ({ delivered }) => {
      const state = live(delivered.map(count))
      expect(memberDecider.decide(state, { type: 'Review', catalogue })).toEqual([])
    }),
  )
})
