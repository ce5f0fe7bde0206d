import { isRefusal, type Decider, type Refusal } from './decider.ts'
import type { Fact } from '@meetcoop/contracts'

/** given(decider, [past facts]).when(command) → what is decided, and the state after it. For tables of rules. */
export function given<S, C, E extends Fact>(decider: Decider<S, C, E>, past: readonly E[]) {
  const before = past.reduce(decider.evolve, decider.initial)
  return {
    when(command: C): { then: readonly E[] | Refusal; state: S } {
      const decision = decider.decide(before, command)
      return { then: decision, state: isRefusal(decision) ? before : decision.reduce(decider.evolve, before) }
    },
  }
}
