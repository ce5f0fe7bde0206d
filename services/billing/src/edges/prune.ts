import type { House } from '@meetcoop/service'
import type { Collections } from '../store.ts'

const inboxRowsMax = 200_000
const keepDays = 30
const lookUpKeptMs = 3_600_000
const everyMs = 60_000
const batchMax = 1_000
const batchesMax = 20

/** Forgets webhooks after a month and orders that nobody asks about, and knows when the inbox can take no more. */
export async function pruning({ clock }: House, { inbox, lookUps }: Collections) {
  let rows = await inbox.count()

  const pruneInbox = async (): Promise<void> => {
    const to = clock.nowMs() - keepDays * 86_400_000
    for (let batch = 0; batch < batchesMax; batch++) {
      const old = await inbox.find('receivedAtMs', { to }, batchMax)
      for (const row of old) await inbox.remove(row.id, row.version)
      if (old.length < batchMax) break
    }
    rows = await inbox.count()
  }

  return {
    isFull: () => rows >= inboxRowsMax,
    kept: () => void rows++,
    loop: {
      everyMs,
      run: async (): Promise<void> => {
        await pruneInbox()
        const idle = await lookUps.find('idleSinceMs', { to: Date.now() - lookUpKeptMs }, batchMax)
        for (const lookUp of idle) await lookUps.remove(lookUp.id, lookUp.version)
      },
    },
  }
}

export type Pruning = Awaited<ReturnType<typeof pruning>>
