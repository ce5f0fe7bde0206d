import type { Fact } from '@meetcoop/contracts'

/** A rule said no. A value, not an error: nothing is wrong with the system. `reason` is kebab-case. */
export type Refusal = { refused: string; detail?: string }

/**
 * The pure core of an aggregate. `decide` says which facts follow from a command, or refuses it; `evolve` folds a fact
 * into the state. Neither reads a clock, makes an id or calls anything: what varies arrives in the command.
 */
export type Decider<State, Command, Event extends Fact = Fact> = {
  initial: State
  decide(state: State, command: Command): readonly Event[] | Refusal
  evolve(state: State, event: Event): State
}

export const isRefusal = (decision: readonly Fact[] | Refusal): decision is Refusal => 'refused' in decision
