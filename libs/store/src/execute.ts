import { setTimeout as pause } from 'node:timers/promises'
import { SpanKind } from '@opentelemetry/api'
import { factToJson, type Envelope, type Fact } from '@meetcoop/contracts'
import { isRefusal, type Decider, type Refusal } from '@meetcoop/decider'
import { currentTraceparent, inSpan } from './traceparent.ts'
import type { Collection } from './store.ts'

/** So many rivals won the race for one document that the caller had better come back later. */
export class ContentionError extends Error {
  constructor(id: string) {
    super(`too many writers at ${id}`)
    this.name = 'ContentionError'
  }
}

export type Execution<C> = { id: string; causeId: string; command: C; nowMs: number }
export type Executed<S, E> = { events: readonly E[]; state: S; version: number }

const attemptsMax = 16
const pauseMaxMs = 100

/**
 * Decides on the document's state and writes state, outbox and cause in one conditional write; a lost race decides
 * anew. A cause that the document remembers changes nothing. Throws ContentionError, and what the store throws.
 */
export function execute<S, C, E extends Fact>(
  collection: Collection<S>,
  decider: Decider<S, C, E>,
  execution: Execution<C>,
): Promise<Executed<S, E> | Refusal> {
  const span = { name: 'store execute', kind: SpanKind.INTERNAL, attributes: { 'coop.aggregate': execution.id } }
  return inSpan(span, () => decideAndWrite(collection, decider, execution))
}

async function decideAndWrite<S, C, E extends Fact>(
  collection: Collection<S>,
  decider: Decider<S, C, E>,
  { id, causeId, command, nowMs }: Execution<C>,
): Promise<Executed<S, E> | Refusal> {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const stored = await collection.get(id)
    const before = stored?.state ?? decider.initial
    const version = stored?.version ?? 0
    if (stored?.handled.includes(causeId)) return { events: [], state: before, version }
    const decision = decider.decide(before, command)
    if (isRefusal(decision)) return decision
    if (decision.length === 0) return { events: [], state: before, version }
    const state = decision.reduce(decider.evolve, before)
    const events = decision.map((fact, n) => seal(fact, { id, version: version + 1, n, causeId, nowMs }))
    if (await collection.write({ id, expectedVersion: version, state, causeId, events }))
      return { events: decision, state, version: version + 1 }
    // Rivals in step would lose as many races as there are rivals; chance takes them out of step.
    await pause(Math.random() * Math.min(2 ** attempt, pauseMaxMs))
  }
  throw new ContentionError(id)
}

type Seal = { id: string; version: number; n: number; causeId: string; nowMs: number }

// The id holds aggregate, version and place, never the cause: one cause may touch two aggregates.
const seal = (fact: Fact, { id, version, n, causeId, nowMs }: Seal): Envelope => ({
  id: `${id}.${version}.${n}`,
  type: fact.type,
  aggregateId: id,
  version,
  causeId,
  occurredAtMs: nowMs,
  traceparent: currentTraceparent(),
  data: factToJson(fact),
})
