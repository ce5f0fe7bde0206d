import { z } from 'zod'

const date = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
// GraphQL has it as a Float.
const amount = z.object({ valueInCents: z.number().transform(Math.round), currency: z.string().length(3) })

export const orderSchema = z.object({
  legacyId: z.int().positive(),
  status: z.string(),
  frequency: z.enum(['MONTHLY', 'YEARLY', 'ONETIME']),
  updatedAt: date,
  nextChargeDate: date.nullable(),
  amount,
  tier: z.object({ legacyId: z.int() }).nullable(),
  fromAccount: z.object({
    legacyId: z.int(),
    slug: z.string(),
    name: z.string().nullable(),
    type: z.string(),
    isIncognito: z.boolean(),
    emails: z.array(z.string()).nullable(),
  }),
})

/** An order as the list of a collective's orders shows it. */
export type Order = z.output<typeof orderSchema>

const oneOrder = orderSchema.extend({
  toAccount: z.object({ slug: z.string() }),
  transactions: z.array(
    z.object({ type: z.string(), kind: z.string().nullable(), isRefund: z.boolean(), amount }).nullable(),
  ),
})

/** An order asked for by its id: whose it is, and the money that moved. */
export type OneOrder = z.output<typeof oneOrder>

const orderFields = `legacyId status frequency updatedAt nextChargeDate amount { valueInCents currency }
  tier { legacyId } fromAccount { legacyId slug name type isIncognito emails }`

/** No updatedAt filter exists, so all orders are paged, oldest first; an order without a known tier counts too. */
export const orderPageQuery = {
  text: `query OrderPage($slug: String!, $status: [OrderStatus], $limit: Int!, $offset: Int!) {
    account(slug: $slug) { orders(filter: INCOMING, status: $status, onlySubscriptions: true,
      orderBy: { field: CREATED_AT, direction: ASC }, limit: $limit, offset: $offset
    ) { totalCount nodes { ${orderFields} } } }
  }`,
  reply: z.object({ account: z.object({ orders: z.object({ totalCount: z.int(), nodes: z.array(z.unknown()) }) }) }),
}

export const oneOrderQuery = {
  text: `query OneOrder($legacyId: Int!) {
    order(order: { legacyId: $legacyId }) { ${orderFields} toAccount { slug }
      transactions { type kind isRefund amount { valueInCents currency } } }
  }`,
  reply: z.object({ order: oneOrder.nullable() }),
}

/** A refund names its order nowhere but in the ledger. */
export const refundsQuery = {
  text: `query Refunds($slug: String!, $since: DateTime!, $limit: Int!) {
    transactions(account: [{ slug: $slug }], dateFrom: $since, kind: [CONTRIBUTION], hasOrder: true,
      orderBy: { field: CREATED_AT, direction: DESC }, limit: $limit
    ) { nodes { publicId isRefund order { legacyId } } }
  }`,
  reply: z.object({
    transactions: z.object({
      nodes: z.array(
        z.object({ publicId: z.string(), isRefund: z.boolean(), order: z.object({ legacyId: z.int() }).nullable() }),
      ),
    }),
  }),
}

/** Everything a subscription can be once money has moved. */
export const sweptStatuses = [
  'ACTIVE',
  'ERROR',
  'PROCESSING',
  'PAUSED',
  'CANCELLED',
  'DISPUTED',
  'IN_REVIEW',
  'REFUNDED',
  'REJECTED',
  'EXPIRED',
] as const

/** What went back to the contributor so far: the collective's side of each refund, which is a debit. */
export const refundedMinorOf = (order: OneOrder): number =>
  order.transactions
    .filter((row) => row !== null)
    .filter(({ type, kind, isRefund }) => isRefund && type === 'DEBIT' && kind === 'CONTRIBUTION')
    .reduce((sum, { amount }) => sum + Math.abs(amount.valueInCents), 0)
