// What each GraphQL field answers. Resolvers are plain methods on the values that collections.ts lists.
import { accountIdOf, activityTypeName, listActivities, listOrders, listTransactions } from './collections.ts'
import type {
  ActivitiesArguments,
  ActivityRow,
  OrdersArguments,
  Reference,
  TransactionRow,
  TransactionsArguments,
} from './collections.ts'
import { apiError } from './graphql-errors.ts'
import { idV2, stablePublicId } from './ids.ts'
import type { Account, Order, Tier, World } from './model.ts'
import { frequencyOf } from './pricing.ts'
import { memberKey, tierOf } from './world.ts'

export type Reader = { isAdmin: boolean; nowMs: number; showsNothing: boolean }

/** OpenCollective counts a member as active when the last donation is at most this old. */
const activeForMs = { MONTHLY: 31 * 86_400_000, YEARLY: 365 * 86_400_000, ONETIME: Infinity }

/** The root value of one query, as this reader may see it. */
export function rootFor(world: World, reader: Reader) {
  const orders = (): Order[] => (reader.showsNothing ? [] : [...world.orders.values()])
  const views = { world, reader, orders }
  return {
    account({ slug, throwIfMissing }: { slug?: string | null; throwIfMissing?: boolean | null }) {
      const legacyId = world.accountIdBySlug.get(slug ?? '')
      if (legacyId !== undefined) return accountView(views, world.accounts.get(legacyId)!)
      if (throwIfMissing) throw apiError('NotFound', 'Account Not Found')
      return null
    },
    order({ order }: { order: Reference }) {
      if (!order.id && order.legacyId == null) throw new Error('Please provide an id')
      const matches = ({ legacyId, publicId }: Order): boolean =>
        order.id ? publicId === order.id || idV2('order', legacyId) === order.id : legacyId === order.legacyId
      const found = order.id ? orders().find(matches) : reader.showsNothing ? null : world.orders.get(order.legacyId!)
      if (!found) throw apiError('NotFound', 'Order not found')
      return orderView(views, found)
    },
    transactions(wish: TransactionsArguments) {
      const list = listTransactions(world, orders(), wish)
      return { ...list, nodes: list.nodes.map((row) => transactionView(views, row)) }
    },
    activities(wish: ActivitiesArguments) {
      if (!reader.isAdmin) throw apiError('Unauthorized', 'You need to be logged in to manage account.')
      const list = listActivities(world, orders(), wish)
      return { ...list, nodes: list.nodes.map((row) => activityView(views, row)) }
    },
  }
}

type Views = { world: World; reader: Reader; orders: () => Order[] }

function accountView(views: Views, account: Account) {
  const { world, reader } = views
  const typeName = { USER: 'Individual', ORGANIZATION: 'Organization', COLLECTIVE: 'Collective' }[account.type]
  return {
    __typename: typeName,
    id: account.publicId,
    publicId: account.publicId,
    legacyId: account.legacyId,
    slug: account.slug,
    type: typeName.toUpperCase(),
    name: account.name,
    currency: world.tiers[0]!.currency,
    isIncognito: account.isIncognito,
    createdAt: account.createdAtMs,
    emails: () =>
      reader.isAdmin && account.email && !account.isIncognito && isMember(world, account) ? [account.email] : null,
    orders(wish: OrdersArguments) {
      const list = listOrders(world, views.orders(), accountIdOf(world, account), wish)
      return { ...list, nodes: list.nodes.map((order) => orderView(views, order)) }
    },
  }
}

function orderView(views: Views, order: Order): Record<string, unknown> {
  const { world, reader } = views
  return {
    id: order.publicId,
    publicId: order.publicId,
    legacyId: order.legacyId,
    description: order.description,
    amount: amountView(order.amountMinor, order.currency),
    totalAmount: amountView(order.amountMinor, order.currency),
    quantity: 1,
    status: order.status,
    frequency: order.frequency,
    nextChargeDate: order.nextChargeAtMs,
    lastChargedAt: order.lastChargedAtMs,
    createdAt: order.createdAtMs,
    updatedAt: order.updatedAtMs,
    customData: reader.isAdmin ? {} : null,
    tier: () => tierView(tierOf(world, order)),
    fromAccount: () => accountView(views, world.accounts.get(order.fromAccountId)!),
    toAccount: () => accountView(views, world.collective),
    membership: () => membershipView(views, order),
    transactions: () => order.transactions.map((transaction) => transactionView(views, { order, transaction })),
    activities: () => orderActivities(views, order),
  }
}

/** An order's own list leaves member.created out, and disputes for all but admins. */
function orderActivities(views: Views, order: Order) {
  const shown = order.activities
    .filter(({ type }) => type !== 'collective.member.created')
    .filter(({ type }) => views.reader.isAdmin || !type.startsWith('order.dispute.'))
  const nodes = shown.map((activity) => activityView(views, { order, activity }))
  return { totalCount: nodes.length, limit: nodes.length, offset: 0, nodes }
}

function membershipView({ world, reader }: Views, order: Order) {
  const sinceMs = world.memberSinceMs.get(memberKey(order.fromAccountId, order.tierId))
  if (sinceMs === undefined) return null
  const paidMs = order.lastChargedAtMs ?? -Infinity
  return { role: 'BACKER', since: sinceMs, isActive: reader.nowMs - paidMs <= activeForMs[order.frequency] }
}

function transactionView(views: Views, { order, transaction }: TransactionRow) {
  const { publicId, legacyId, group, type, createdAtMs, isRefund, isRefunded, isDisputed } = transaction
  return {
    __typename: type === 'CREDIT' ? 'Credit' : 'Debit',
    ...{ id: publicId, publicId, legacyId, group, type, isRefund, isRefunded, isDisputed },
    kind: 'CONTRIBUTION',
    refundKind: isRefund ? 'REFUND' : null,
    createdAt: createdAtMs,
    clearedAt: createdAtMs,
    amount: amountView(transaction.amountMinor, transaction.currency),
    order: () => orderView(views, order),
  }
}

/** The activity of a new member names no order, as in reality. */
function activityView(views: Views, { order, activity }: ActivityRow) {
  return {
    id: activity.publicId,
    publicId: activity.publicId,
    type: activityTypeName(activity),
    createdAt: activity.createdAtMs,
    order: () => (activity.type === 'collective.member.created' ? null : orderView(views, order)),
  }
}

function tierView(tier: Tier | undefined) {
  if (!tier) return null
  const { legacyId, slug, name, amountMinor, currency } = tier
  const publicId = stablePublicId('tier', legacyId)
  const frequency = frequencyOf(tier)
  const amount = amountView(amountMinor, currency)
  return { id: publicId, publicId, legacyId, slug, name, amount, type: 'MEMBERSHIP', frequency, amountType: 'FIXED' }
}

function amountView(minor: number, currency: string) {
  return { value: minor / 100, currency, valueInCents: minor }
}

function isMember(world: World, account: Account): boolean {
  const tierIds = [null, ...world.tiers.map((tier) => tier.legacyId)]
  return tierIds.some((tierId) => world.memberSinceMs.has(memberKey(account.legacyId, tierId)))
}
