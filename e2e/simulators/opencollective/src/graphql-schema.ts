import { currencies } from './model.ts'

/** The part of OpenCollective's GraphQL v2 schema that an integration of membership tiers uses: same names, same nullability. */
export const schemaText = /* GraphQL */ `
  scalar DateTime
  scalar EmailAddress
  scalar JSON

  type Query {
    account(slug: String, throwIfMissing: Boolean = true): Account
    order(order: OrderReferenceInput!): Order
    transactions(
      account: [AccountReferenceInput!]
      limit: Int! = 100
      offset: Int! = 0
      orderBy: ChronologicalOrderInput! = { field: CREATED_AT, direction: DESC }
      dateFrom: DateTime
      hasOrder: Boolean
      kind: [TransactionKind]
    ): TransactionCollection!
    activities(
      limit: Int! = 100
      offset: Int! = 0
      account: [AccountReferenceInput!]
      dateFrom: DateTime = null
      type: [ActivityAndClassesType!] = null
      orderBy: ChronologicalOrderInput! = { field: CREATED_AT, direction: DESC }
    ): ActivityCollection!
  }

  interface Account {
    ${accountFields()}
  }
  type Individual implements Account {
    ${accountFields()}
  }
  type Organization implements Account {
    ${accountFields()}
  }
  type Collective implements Account {
    ${accountFields()}
  }

  type Order {
    id: String!
    publicId: String!
    legacyId: Int! @deprecated(reason: "2026-02-25: use publicId")
    description: String
    amount: Amount!
    totalAmount: Amount!
    quantity: Int
    status: OrderStatus
    frequency: ContributionFrequency
    nextChargeDate: DateTime
    lastChargedAt: DateTime
    tier: Tier
    fromAccount: Account
    toAccount: Account
    transactions: [Transaction]!
    createdAt: DateTime
    updatedAt: DateTime
    membership: MemberOf
    activities: ActivityCollection!
    customData: JSON
  }

  type Tier {
    id: String!
    publicId: String!
    legacyId: Int! @deprecated(reason: "2026-02-25: use publicId")
    slug: String
    name: String
    amount: Amount!
    type: TierType!
    frequency: TierFrequency!
    amountType: TierAmountType!
  }

  type Amount {
    value: Float
    currency: Currency
    valueInCents: Float
  }

  type MemberOf {
    role: MemberRole!
    since: DateTime!
    isActive: Boolean!
  }

  interface Transaction {
    ${transactionFields()}
  }
  type Credit implements Transaction {
    ${transactionFields()}
  }
  type Debit implements Transaction {
    ${transactionFields()}
  }

  type Activity {
    id: String!
    publicId: String!
    type: ActivityType!
    createdAt: DateTime!
    order: Order
  }

  interface Collection {
    offset: Int
    limit: Int
    totalCount: Int
  }
  type OrderCollection implements Collection {
    offset: Int
    limit: Int
    totalCount: Int
    nodes: [Order]
  }
  type TransactionCollection implements Collection {
    offset: Int
    limit: Int
    totalCount: Int
    nodes: [Transaction]
  }
  type ActivityCollection implements Collection {
    offset: Int
    limit: Int
    totalCount: Int
    nodes: [Activity!]
  }

  input OrderReferenceInput {
    id: String
    legacyId: Int @deprecated(reason: "2026-02-25: use id")
  }
  input TierReferenceInput {
    id: String
    legacyId: Int @deprecated(reason: "2026-02-25: use id")
  }
  input AccountReferenceInput {
    id: String
    legacyId: Int @deprecated(reason: "2026-02-25: use id")
    slug: String
  }
  input ChronologicalOrderInput {
    field: DateTimeField! = CREATED_AT
    direction: OrderDirection! = DESC
  }

  enum DateTimeField { CREATED_AT EFFECTIVE_DATE LAST_CHARGED_AT }
  enum OrderDirection { ASC DESC }
  enum AccountOrdersFilter { INCOMING OUTGOING }
  enum AccountType { COLLECTIVE INDIVIDUAL ORGANIZATION }
  enum MemberRole { BACKER }
  enum OrderStatus {
    NEW REQUIRE_CLIENT_CONFIRMATION PAID ERROR PROCESSING REJECTED ACTIVE CANCELLED PENDING EXPIRED DISPUTED REFUNDED
    PAUSED IN_REVIEW
  }
  enum ContributionFrequency { MONTHLY YEARLY ONETIME }
  enum TierFrequency { MONTHLY YEARLY ONETIME FLEXIBLE }
  enum TierAmountType { FIXED FLEXIBLE }
  enum TierType { TIER MEMBERSHIP DONATION TICKET SERVICE PRODUCT }
  enum TransactionType { DEBIT CREDIT }
  enum TransactionKind {
    ADDED_FUNDS APPLICATION_FEE BALANCE_TRANSFER CONTRIBUTION EXPENSE HOST_FEE HOST_FEE_SHARE HOST_FEE_SHARE_DEBT
    PAYMENT_PROCESSOR_COVER PAYMENT_PROCESSOR_DISPUTE_FEE PAYMENT_PROCESSOR_FEE PLATFORM_FEE PLATFORM_TIP
    PLATFORM_TIP_DEBT PREPAID_PAYMENT_METHOD TAX
  }
  enum RefundKind { REFUND REJECT EDIT DUPLICATE DISPUTE }
  enum Currency { ${currencies.join(' ')} }
  enum ActivityType { ${activityTypes()} }
  enum ActivityAndClassesType { ACTIVITY_ALL ${activityTypes()} CONTRIBUTIONS }
`

function accountFields(): string {
  return `
    id: String!
    publicId: String!
    legacyId: Int!
    slug: String!
    type: AccountType!
    name: String
    currency: Currency!
    isIncognito: Boolean!
    createdAt: DateTime
    emails: [EmailAddress!]
    orders(
      limit: Int! = 100
      offset: Int! = 0
      filter: AccountOrdersFilter
      status: [OrderStatus]
      orderBy: ChronologicalOrderInput! = { field: CREATED_AT, direction: DESC }
      tier: [TierReferenceInput]
      onlySubscriptions: Boolean
    ): OrderCollection!`
}

function transactionFields(): string {
  return `
    id: String!
    publicId: String!
    legacyId: Int!
    group: String!
    type: TransactionType!
    kind: TransactionKind
    amount: Amount!
    createdAt: DateTime
    clearedAt: DateTime
    isRefunded: Boolean
    isRefund: Boolean
    refundKind: RefundKind
    isDisputed: Boolean
    order: Order`
}

function activityTypes(): string {
  return `
    COLLECTIVE_MEMBER_CREATED CONTRIBUTION_REFUNDED CONTRIBUTION_REJECTED ORDER_DISPUTE_CLOSED ORDER_DISPUTE_CREATED
    ORDER_PAYMENT_FAILED ORDER_PENDING ORDER_PENDING_RECEIVED ORDER_PROCESSED ORDER_PROCESSING ORDER_UPDATED
    PAYMENT_FAILED SUBSCRIPTION_ACTIVATED SUBSCRIPTION_CANCELED SUBSCRIPTION_PAUSED SUBSCRIPTION_RESUMED
    TICKET_CONFIRMED`
}
