import type { Collection, Store } from '@meetcoop/store'

/** A projection of recording-storage: which recordings there are, and whether their bytes lie with us. */
export type Recordings = Collection<{ kept: boolean }>

export const openRecordings = (store: Store): Promise<Recordings> => store.collection('recordings')

const pageSize = 1_000

/** How many recordings are kept. Reads them all: asked once, at start. */
export async function keptRecordings(recordings: Recordings): Promise<number> {
  let kept = 0
  let after: string | undefined
  do {
    const page = await recordings.page({ after, limit: pageSize })
    kept += page.filter(({ state }) => state.kept).length
    after = page.length < pageSize ? undefined : page.at(-1)?.id
  } while (after !== undefined)
  return kept
}
