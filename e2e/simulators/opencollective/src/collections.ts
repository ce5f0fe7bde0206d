// The lists of the API: what they filter, how they sort and page.
import type { Activity, Order, Transaction, World } from './model.ts'
import { stablePublicId, idV2 } from './ids.ts'
import { apiError } from './graphql-errors.ts'

export type Reference = { id?: string | null; legacyId?: number | null; slug?: string | null }
type Page = { limit: number; offset: number; orderBy: { field: string; direction: 'ASC' | 'DESC' } }
export type TransactionRow = { order: Order; transaction: Transaction }
export type ActivityRow = { order: Order; activity: Activity }

export type OrdersArguments = Page & {
  filter?: 'INCOMING' | 'OUTGOING' | null
  status?: string[] | null
  tier?: Reference[] | null
  onlySubscriptions?: boolean | null
}
export type TransactionsArguments = Page & {
  account?: Reference[] | null
  dateFrom?: number | null
  kind?: string[] | null
  hasOrder?: boolean | null
}
export type ActivitiesArguments = Page & {
  account?: Reference[] | null
  dateFrom?: number | null
  type?: string[] | null
}

/** Activities that the class CONTRIBUTIONS stands for; disputes and tickets are not among them. */
const contributionsClass = [
  'COLLECTIVE_MEMBER_CREATED',
  'CONTRIBUTION_REFUNDED',
  'CONTRIBUTION_REJECTED',
  'ORDER_PAYMENT_FAILED',
  'ORDER_PENDING',
  'ORDER_PROCESSED',
  'ORDER_PROCESSING',
  'PAYMENT_FAILED',
  'SUBSCRIPTION_ACTIVATED',
  'SUBSCRIPTION_CANCELED',
  'SUBSCRIPTION_PAUSED',
  'SUBSCRIPTION_RESUMED',
]

/** Orders from or to an account. Without a status, PENDING ones stay hidden. */
export function listOrders(world: World, orders: Order[], accountId: number, wish: OrdersArguments) {
  const incoming = accountId === world.collective.legacyId && wish.filter !== 'OUTGOING'
  const outgoing = wish.filter !== 'INCOMING'
  const tierIds = wish.tier?.length ? wish.tier.map((tier) => tierIdOf(world, tier)) : null
  const rows = orders
    .filter((order) => incoming || (outgoing && order.fromAccountId === accountId))
    .filter((order) => (wish.status ? wish.status.includes(order.status) : order.status !== 'PENDING'))
    .filter((order) => !tierIds || (order.tierId !== null && tierIds.includes(order.tierId)))
    .filter((order) => !wish.onlySubscriptions || order.subscriptionId !== null)
  const sortAt = ({ lastChargedAtMs, createdAtMs }: Order): number =>
    wish.orderBy.field === 'LAST_CHARGED_AT' ? (lastChargedAtMs ?? createdAtMs) : createdAtMs
  return page(rows, wish, { most: 1_000, called: 'orders', atMs: sortAt, id: (order) => order.legacyId })
}

/** The ledger rows of the given accounts. */
export function listTransactions(world: World, orders: Order[], wish: TransactionsArguments) {
  const accountIds = wish.account?.map((account) => accountIdOf(world, account)) ?? null
  const { kind, dateFrom } = wish
  const none = (kind && !kind.includes('CONTRIBUTION')) || wish.hasOrder === false
  const rows: TransactionRow[] = (none ? [] : orders)
    .flatMap((order) => order.transactions.map((transaction) => ({ order, transaction })))
    .filter(({ transaction }) => !accountIds || accountIds.includes(transaction.accountId))
    .filter(({ transaction }) => dateFrom == null || transaction.createdAtMs >= dateFrom)
  return page(rows, wish, {
    most: 10_000,
    called: 'transactions',
    atMs: (row) => row.transaction.createdAtMs,
    id: (row) => row.transaction.legacyId,
  })
}

/** What happened at the given accounts. */
export function listActivities(world: World, orders: Order[], wish: ActivitiesArguments) {
  const accountIds = wish.account?.map((account) => accountIdOf(world, account)) ?? []
  const types = wish.type?.flatMap((type) => (type === 'CONTRIBUTIONS' ? contributionsClass : [type])) ?? [
    'ACTIVITY_ALL',
  ]
  const rows: ActivityRow[] = orders
    .filter(() => accountIds.includes(world.collective.legacyId))
    .flatMap((order) => order.activities.map((activity) => ({ order, activity })))
    .filter(({ activity }) => types.includes('ACTIVITY_ALL') || types.includes(activityTypeName(activity)))
    .filter(({ activity }) => wish.dateFrom == null || activity.createdAtMs >= wish.dateFrom)
  return page(rows, wish, {
    most: 1_000,
    called: 'activities',
    atMs: (row) => row.activity.createdAtMs,
    id: (row) => row.activity.id,
  })
}

/** `order.processed` is ORDER_PROCESSED to GraphQL. */
export function activityTypeName(activity: Activity): string {
  return activity.type.toUpperCase().replaceAll('.', '_')
}

/** The account that a reference names, or a NotFound error. */
export function accountIdOf(world: World, { id, legacyId, slug }: Reference): number {
  for (const account of world.accounts.values()) {
    const named = id ? account.publicId === id || idV2('account', account.legacyId) === id : false
    if (named || account.legacyId === legacyId || account.slug === slug) return account.legacyId
  }
  throw apiError('NotFound', 'Account Not Found')
}

function tierIdOf(world: World, { id, legacyId }: Reference): number {
  const tier = world.tiers.find((tier) => {
    return (
      tier.legacyId === legacyId ||
      (id && [stablePublicId('tier', tier.legacyId), idV2('tier', tier.legacyId)].includes(id))
    )
  })
  if (!tier) throw apiError('NotFound', 'Tier Not Found')
  return tier.legacyId
}

type Listing<T> = { most: number; called: string; atMs: (row: T) => number; id: (row: T) => number }

function page<T>(rows: T[], { limit, offset, orderBy }: Page, { most, called, atMs, id }: Listing<T>) {
  if (limit > most) {
    const bound = most.toLocaleString('en-US')
    throw new Error(`Cannot fetch more than ${bound} ${called} at the same time, please adjust the limit`)
  }
  const sign = orderBy.direction === 'ASC' ? 1 : -1
  const sorted = rows.toSorted((a, b) => sign * (atMs(a) - atMs(b) || id(a) - id(b)))
  return { totalCount: rows.length, limit, offset, nodes: sorted.slice(offset, offset + limit) }
}
