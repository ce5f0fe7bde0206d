import type { Envelope } from '@meetcoop/contracts'
import { documentBytesMax, handledMax, limitMax, type Indexes } from './store.ts'

/** The state as JSON. Throws RangeError if it has grown past documentBytesMax: an aggregate that has no bound. */
export function encodeState(state: unknown): string {
  const json = JSON.stringify(state)
  const bytes = Buffer.byteLength(json)
  if (bytes > documentBytesMax) throw new RangeError(`a document of ${bytes} bytes has no bound`)
  return json
}

/** The value a document is found by, or null. */
export const indexValue = <S>(indexes: Indexes<S>, index: string, state: S): string | number | null =>
  indexes[index]?.(state) ?? null

/** The causes a document remembers, with one more; the oldest are forgotten. */
export const remember = (handled: readonly string[], causeId: string | undefined): readonly string[] =>
  causeId === undefined ? handled : [...handled, causeId].slice(-handledMax)

/** The length a list is cut to: to an engine, zero or less may mean without end. */
export const boundedLimit = (limit: number): number => Math.min(Math.max(Math.floor(limit), 1), limitMax)

/** A document carries its own events only: in its outbox they are found and ordered by its id. */
export function assertOwnEvents(id: string, events: readonly Envelope[]): void {
  const foreign = events.find((event) => event.aggregateId !== id)
  if (foreign) throw new Error(`the event ${foreign.id} is not of the document ${id}`)
}

/** Collections and indexes become names of tables and columns. Throws if one is not a plain word. */
export function assertPlainNames(...names: string[]): void {
  const odd = names.find((name) => !/^[a-z][a-z0-9_]*$/i.test(name))
  if (odd !== undefined) throw new Error(`not a plain name: ${odd}`)
}
