import type { Envelope } from '@meetcoop/contracts'

/** A document: an aggregate, a projection or a row of work. */
export type Stored<S> = { id: string; version: number; state: S; handled: readonly string[] }

/**
 * What a document can be found by: plain names, and values that are all texts or all numbers. A null or undefined value
 * is not indexed. An index that comes to mean something else takes a new name.
 */
export type Indexes<S> = Record<string, (state: S) => string | number | null | undefined>

export type Write<S> = {
  id: string
  /** 0 for a document that must not exist yet. */
  expectedVersion: number
  state: S
  /** Remembered with the document, so that the same cause takes effect once. */
  causeId?: string
  /** Of this document only: each one's aggregateId is the document's id. */
  events?: readonly Envelope[]
}

export type Page = { after?: string; limit: number }

/** Both bounds are inclusive. */
export type Range = { from?: string | number; to?: string | number }

export type Collection<S> = {
  get(id: string): Promise<Stored<S> | undefined>
  /** One atomic write: state, version + 1, outbox and cause. False if the version was another one. */
  write(write: Write<S>): Promise<boolean>
  /** For projections: written only if `version` is higher than what is there. False if it was not. */
  keepNewest(id: string, version: number, state: S): Promise<boolean>
  /**
   * False if the version was another one, or the document is gone. Its events are published all the same. A document
   * that had events must not come back under the same id: its versions, and so its events' ids, would begin anew.
   */
  remove(id: string, expectedVersion: number): Promise<boolean>
  /** In order of the index's value, at most `limit`. */
  find(index: string, range: Range, limit: number): Promise<Stored<S>[]>
  /** All documents in order of id. */
  page(page: Page): Promise<Stored<S>[]>
  count(): Promise<number>
}

/** Facts written but not yet on the bus, and those that are: a log for audit, replay and refilling a bus. */
export type Outbox = {
  /** Oldest first; those of one aggregate in order of version. */
  pending(limit: number): Promise<Envelope[]>
  published(events: readonly Envelope[], atMs: number): Promise<void>
  /** Published events in order of publication, by a cursor of the engine's own; the last page has no cursor. */
  log(after: string | undefined, limit: number): Promise<{ events: Envelope[]; after?: string }>
  /** Forgets events published before. */
  prune(publishedBeforeMs: number): Promise<number>
}

/** Documents with an outbox. Two engines, one conformance suite. */
export type Store = {
  engine: 'sqlite' | 'mongodb'
  /** Opens the collection, and makes indexes that are missing. */
  collection<S>(name: string, indexes?: Indexes<S>): Promise<Collection<S>>
  outbox: Outbox
  /** Called after each write that left events in the outbox. */
  onEvents(wake: () => void): void
  /** Throws if the store cannot be written to now. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** How many causes a document remembers. Must outlast a message's redeliveries. */
export const handledMax = 200
/** The largest document, in bytes of JSON. */
export const documentBytesMax = 1_000_000
/** The longest list a query gives back. */
export const limitMax = 1_000
