// What the simulated OpenCollective remembers. Plain data: it is written to the state file as it is.

export type Interval = 'month' | 'year'
export type Frequency = 'MONTHLY' | 'YEARLY' | 'ONETIME'
export type OrderStatus = 'ACTIVE' | 'ERROR' | 'PAUSED' | 'CANCELLED' | 'DISPUTED' | 'PAID' | 'PENDING'

/** The currencies that a tier may have here; OpenCollective knows many more. */
export const currencies = ['EUR', 'USD', 'GBP', 'CHF', 'DKK', 'SEK', 'NOK', 'PLN', 'CZK', 'CAD', 'AUD', 'NZD']

export type Tier = {
  legacyId: number
  slug: string
  name: string
  amountMinor: number
  currency: string
  interval: Interval | null
}

export type Account = {
  legacyId: number
  publicId: string
  slug: string
  name: string
  type: 'USER' | 'ORGANIZATION' | 'COLLECTIVE'
  email: string | null
  isIncognito: boolean
  createdAtMs: number
}

/** One side of a payment: the collective's credit or the contributor's debit. Amounts are signed. */
export type Transaction = {
  legacyId: number
  publicId: string
  group: string
  accountId: number
  type: 'CREDIT' | 'DEBIT'
  amountMinor: number
  currency: string
  createdAtMs: number
  isRefund: boolean
  isRefunded: boolean
  isDisputed: boolean
}

/** Something that happened, and exactly the data that a webhook carries about it. */
export type Activity = {
  id: number
  publicId: string
  type: string
  createdAtMs: number
  data: Record<string, unknown>
}

export type Order = {
  legacyId: number
  publicId: string
  fromAccountId: number
  tierId: number | null
  status: OrderStatus
  frequency: Frequency
  amountMinor: number
  currency: string
  description: string
  createdAtMs: number
  updatedAtMs: number
  lastChargedAtMs: number | null
  nextChargeAtMs: number | null
  /** The first of the month that the next successful charge pays for; unlike nextChargeAtMs, no retry moves it. */
  nextPeriodAtMs: number | null
  subscriptionId: number | null
  retries: number
  /** How many of the coming charges will fail, as ordered by the sandbox. */
  failuresToCome: number
  transactions: Transaction[]
  activities: Activity[]
}

export type Counter = 'account' | 'order' | 'activity' | 'transaction' | 'subscription'

export type World = {
  collective: Account
  host: Account
  tiers: Tier[]
  next: Record<Counter, number>
  accounts: Map<number, Account>
  accountIdBySlug: Map<string, number>
  orders: Map<number, Order>
  /** Since when an account backs a tier, in ms; the key is account:tier. */
  memberSinceMs: Map<string, number>
  webhookUrl: string | null
}

/** How much the simulator holds before it refuses (orders) or forgets the oldest (rows of one order). */
export const limits = { orders: 20_000, rowsPerOrder: 120 }
