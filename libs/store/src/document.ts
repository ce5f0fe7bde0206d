import { documentBytesMax, handledMax, type Indexes } from './store.ts'

/** The state as JSON. Throws RangeError if it has grown past documentBytesMax: an aggregate that has no bound. */
export function encodeState(state: unknown): string {
  const json = JSON.stringify(state)
  if (json.length > documentBytesMax) throw new RangeError(`a document of ${json.length} characters has no bound`)
  return json
}

/** The value a document is found by, or null. */
export const indexValue = <S>(indexes: Indexes<S>, index: string, state: S): string | number | null =>
  indexes[index]?.(state) ?? null

/** The causes a document remembers, with one more; the oldest are forgotten. */
export const remember = (handled: readonly string[], causeId: string | undefined): readonly string[] =>
  causeId === undefined ? handled : [...handled, causeId].slice(-handledMax)
