import { publicId, stablePublicId } from './ids.ts'
import { limits } from './model.ts'
import type { Account, Activity, Counter, Order, Tier, World } from './model.ts'

/** What the state file holds. Collective, host and tiers come from the configuration at each start. */
export type Saved = {
  next: World['next']
  accounts: Account[]
  orders: Order[]
  memberSinceMs: [string, number][]
  webhookUrl: string | null
}

/** A collective with its tiers, and with the contributors of an earlier run where there was one. */
export function openWorld(collectiveSlug: string, tiers: Tier[], saved: Saved | null): World {
  const collective = configuredAccount(52_001, collectiveSlug, 'COLLECTIVE')
  const host = configuredAccount(11_004, 'example-host', 'ORGANIZATION')
  const accounts = [collective, host, ...(saved?.accounts ?? [])]
  return {
    collective,
    host,
    tiers,
    next: saved?.next ?? {
      account: 70_011,
      order: 884_213,
      activity: 9_100_001,
      transaction: 1_200_001,
      subscription: 55,
    },
    accounts: new Map(accounts.map((account) => [account.legacyId, account])),
    accountIdBySlug: new Map(accounts.map((account) => [account.slug, account.legacyId])),
    orders: new Map(saved?.orders.map((order) => [order.legacyId, order])),
    memberSinceMs: new Map(saved?.memberSinceMs),
    webhookUrl: saved?.webhookUrl ?? null,
  }
}

/**
 * The JSON of `Saved`, in pieces. Time may pass between two of them, so what others point at comes after what points at it:
 * accounts after orders, and the numbers last.
 */
export function* saveWorld(world: World): Generator<string> {
  const configured = [world.collective.legacyId, world.host.legacyId]
  yield '{"orders":['
  yield* inChunks([...world.orders.values()])
  yield '],"accounts":['
  yield* inChunks([...world.accounts.values()].filter((account) => !configured.includes(account.legacyId)))
  yield '],"memberSinceMs":['
  yield* inChunks([...world.memberSinceMs])
  yield `],"webhookUrl":${JSON.stringify(world.webhookUrl)},"next":${JSON.stringify(world.next)}}`
}

function* inChunks(rows: unknown[]): Generator<string> {
  const rowsPerChunk = 50
  for (let from = 0; from < rows.length; from += rowsPerChunk) {
    const chunk = JSON.stringify(rows.slice(from, from + rowsPerChunk))
    yield (from === 0 ? '' : ',') + chunk.slice(1, -1)
  }
}

/** The next number of a kind; numbers only grow, across restarts too. */
export function nextId(world: World, counter: Counter): number {
  return world.next[counter]++
}

/** Adds an account and keeps its slug unique. */
export function addAccount(world: World, account: Omit<Account, 'legacyId' | 'publicId'>): Account {
  const legacyId = nextId(world, 'account')
  const slug = world.accountIdBySlug.has(account.slug) ? `${account.slug}-${legacyId}` : account.slug
  const added = { ...account, slug, legacyId, publicId: publicId('acc') }
  world.accounts.set(legacyId, added)
  world.accountIdBySlug.set(slug, legacyId)
  return added
}

/** Notes that something happened to an order; the caller hands the activity to the webhook sender. */
export function record(
  world: World,
  order: Order,
  type: string,
  data: Record<string, unknown>,
  atMs: number,
): Activity {
  const activity = { id: nextId(world, 'activity'), publicId: publicId('act'), type, createdAtMs: atMs, data }
  pushBounded(order.activities, activity)
  return activity
}

/** Appends, and forgets the oldest row beyond the limit of one order. */
export function pushBounded<T>(rows: T[], row: T): void {
  rows.push(row)
  if (rows.length > limits.rowsPerOrder) rows.shift()
}

export function tierOf(world: World, order: Order): Tier | undefined {
  return world.tiers.find((tier) => tier.legacyId === order.tierId)
}

/** The key of a contributor's membership in a tier. */
export function memberKey(accountId: number, tierId: number | null): string {
  return `${accountId}:${tierId ?? ''}`
}

function configuredAccount(legacyId: number, slug: string, type: Account['type']): Account {
  const name = slug
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
  return {
    legacyId,
    publicId: stablePublicId('acc', legacyId),
    slug,
    name,
    type,
    email: null,
    isIncognito: false,
    createdAtMs: Date.UTC(2024, 0, 15),
  }
}
