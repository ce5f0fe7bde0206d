import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isRefusal } from '@meetcoop/decider'
import { contributionDecider, type ContributionCommand, type ContributionState } from './contribution.ts'

const day = 86_400_000
const graceDays = 20
const statuses = ['ACTIVE', 'ERROR', 'PAUSED', 'CANCELLED', 'DISPUTED', 'PROCESSING', 'PENDING', 'REFUNDED']

const look = fc.record({
  pauseDays: fc.integer({ min: 0, max: 40 }),
  status: fc.constantFrom(...statuses),
  dueInDays: fc.option(fc.integer({ min: -5, max: 60 }), { nil: undefined }),
  tierId: fc.option(fc.constantFrom('micro', 'small'), { nil: undefined }),
  amountMinor: fc.constantFrom(2_100, 4_200),
  refundedMinor: fc.constantFrom(undefined, 0, 100),
})
type Look = typeof look extends fc.Arbitrary<infer T> ? T : never

/** A life as somebody who looks every few days sees it. */
function* lifeOf(looks: readonly Look[]): Generator<ContributionCommand> {
  let nowMs = 0
  for (const { pauseDays, dueInDays, status, tierId, amountMinor, refundedMinor } of looks) {
    nowMs += pauseDays * day
    const nextChargeAtMs = dueInDays === undefined ? undefined : nowMs + dueInDays * day
    const order = {
      ...{ contributionId: 'oc-1', contributorId: 'contributor-1', frequency: 'MONTHLY' as const, currency: 'EUR' },
      ...{ status, amountMinor, nextChargeAtMs, refundedMinor, updatedAtMs: nowMs, observedAtMs: nowMs },
    }
    yield { type: 'ObserveOrder', order, tierId, tierOrder: ['micro', 'small'], nowMs, graceDays }
    yield { type: 'PassTime', nowMs }
  }
}

function step(state: ContributionState, command: ContributionCommand) {
  const decision = contributionDecider.decide(state, command)
  const facts = isRefusal(decision) ? [] : decision
  return { facts, next: facts.reduce(contributionDecider.evolve, state) }
}

test('rights never end before the last date seen while active, and grace', () => {
  fc.assert(
    fc.property(fc.array(look, { maxLength: 30 }), (looks) => {
      let state = contributionDecider.initial
      let promisedMs = -Infinity
      for (const command of lifeOf(looks)) {
        const { facts, next } = step(state, command)
        if (facts.some((fact) => fact.type === 'ContributionLapsed'))
          expect(command.type === 'PassTime' && command.nowMs).toBeGreaterThanOrEqual(promisedMs)
        if (command.type === 'ObserveOrder' && command.order.status === 'ACTIVE' && next.contribution) {
          const toldMs = command.order.nextChargeAtMs ?? state.contribution?.paidThroughMs ?? command.nowMs
          promisedMs = toldMs + graceDays * day
        }
        if (next.contribution) expect(next.contribution.rightsUntilMs).toBe(promisedMs)
        state = next
      }
    }),
  )
})

test('the same look twice says nothing the second time', () => {
  fc.assert(
    fc.property(fc.array(look, { maxLength: 30 }), (looks) => {
      let state = contributionDecider.initial
      for (const command of lifeOf(looks)) {
        state = step(state, command).next
        expect(step(state, command).facts).toEqual([])
      }
    }),
  )
})

test('an older look never undoes a newer one', () => {
  fc.assert(
    fc.property(fc.array(look, { minLength: 1, maxLength: 30 }), (looks) => {
      const commands = [...lifeOf(looks)]
      const state = commands.reduce((before, command) => step(before, command).next, contributionDecider.initial)
      for (const command of commands) {
        const older =
          command.type === 'ObserveOrder' && command.order.observedAtMs < (state.contribution?.observedAtMs ?? 0)
        if (older) expect(step(state, command).facts).toEqual([])
      }
    }),
  )
})

test('a lesser tier never counts before the rights of the greater were over', () => {
  fc.assert(
    fc.property(fc.array(look, { maxLength: 30 }), (looks) => {
      let state = contributionDecider.initial
      for (const command of lifeOf(looks)) {
        const before = state.contribution
        const after = step(state, command).next.contribution
        state = step(state, command).next
        const lessened = before?.tierId === 'small' && after?.tierId === 'micro'
        if (lessened && before.status !== 'LAPSED')
          expect(command.nowMs).toBeGreaterThanOrEqual(before.lesserTierId ? before.lesserFromMs : before.rightsUntilMs)
      }
    }),
  )
})
