import type { Envelope } from '@meetcoop/contracts'
import { encodeState, indexValue } from '../document.ts'
import type { Indexes, Stored } from '../store.ts'

/** What a write leaves in a document, next to its version. */
export type Written<S> = {
  state: S
  /** Null where the document is not indexed; absent where it was written before there was the index. */
  ix: Record<string, string | number | null>
}

/** A document with everything that must change together with it. */
export type MongoDocument<S> = Written<S> & {
  _id: string
  version: number
  handled: string[]
  /** The last writes, by which a repeated attempt finds out that an earlier one took effect. */
  writes: string[]
  outbox: Envelope[]
  /** There while the outbox may hold something; its oldest event's time. */
  pendingSinceMs?: number
}

export const writesMax = 8

/** The fields of a write. Throws RangeError for a state too large. */
export const written = <S>(state: S, indexes: Indexes<S>): Written<S> => ({
  state: JSON.parse(encodeState(state)) as S,
  ix: Object.fromEntries(Object.keys(indexes).map((index) => [index, indexValue(indexes, index, state)])),
})

/** The outbox is read by the relay alone. */
export const projection = { version: 1, state: 1, handled: 1 } as const

export const toStored = <S>({ _id, version, state, handled }: MongoDocument<S>): Stored<S> => ({
  id: _id,
  version,
  state,
  handled,
})
