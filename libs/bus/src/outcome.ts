/**
 * How a handler ends a message. *done*: it took effect, now or earlier. *later*: something outside is away; without
 * limit. *never*: the message can not be handled; it goes to the dead letters.
 */
export type Outcome = { kind: 'done' } | { kind: 'later'; afterMs: number } | { kind: 'never'; why: string }

export const done: Outcome = { kind: 'done' }
export const later = (afterMs: number): Outcome => ({ kind: 'later', afterMs })
export const never = (why: string): Outcome => ({ kind: 'never', why })

const retryFirstMs = 200
const retryLastMs = 30_000

// What a program throws when it is wrong, and would throw again: not an outage. By name, since errors that Node makes
// are of another realm inside Jest.
const faults = new Set([
  'AssertionError',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'UnknownEvent',
  'ZodError',
])

/** What a thrown error means for the message: a fault never passes, an outage passes later. */
export function outcomeOf(error: unknown, deliveries: number): Outcome {
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) }
  if (faults.has(name)) return never(`${name}: ${message}`)
  return later(Math.min(retryLastMs, retryFirstMs * 2 ** Math.min(deliveries - 1, 10)))
}
