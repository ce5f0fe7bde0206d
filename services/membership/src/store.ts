import type { Store } from '@meetcoop/store'
import type { MemberState } from './member/state.ts'

/** Personal data, apart from everything else. */
export type ProfileDocument = {
  name: string
  email: string
  slug: string
  /** The contribution that billing is to be asked about, in real time since when; null once it has answered. */
  wanted: { contributionId: string; sinceMs: number; traceparent: string } | null
}

/** Why an operator opened a host account beyond the tier. A free text: it stays here. */
export type Agreement = { memberId: string; reason: string; agreedAtMs: number }

export const openCollections = async (store: Store) => ({
  members: await store.collection<MemberState>('members'),
  profiles: await store.collection<ProfileDocument>('profiles', { wantedSinceMs: ({ wanted }) => wanted?.sinceMs }),
  agreements: await store.collection<Agreement>('agreements'),
})

export type Collections = Awaited<ReturnType<typeof openCollections>>
