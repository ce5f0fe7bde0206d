import type { Contribution } from '@meetcoop/contracts/billing'
import type { Node, Placement } from '@meetcoop/contracts/node-orchestration'
import type { Trend } from './trend.ts'

/** Everything the dashboard shows, as one JSON document. Without personal data: ids, counts and sums only. */
export type Picture = {
  /** Business time. */
  atMs: number
  coop: string
  totals: {
    nodesReady: number
    nodes: number
    meetings: number
    participants: number
    members: number
    contributions: number
    recordings: number
  }
  nodes: NodeView[]
  /** The newest first, at most `meetingsMax`. */
  meetings: MeetingView[]
  membersByTier: TierCount[]
  money: Money
  health: ServiceHealth[]
  trend: Trend
  /** At most `deadLettersMax`, which then means so many or more. */
  deadLetters: number
}

export type NodeView = Pick<Node, 'nodeId' | 'status' | 'region' | 'meetings' | 'participants' | 'load' | 'seenAtMs'>
export type MeetingView = Pick<Placement, 'placementId' | 'nodeId' | 'status' | 'recorded' | 'startedAtMs'> & {
  /** The most that were there at a time. */
  participantsPeak: number
}
export type TierCount = { tierId: string; name: string; count: number }
export type Money = { currency: string; monthlyMinor: number; byTier: { tierId: string; monthlyMinor: number }[] }
export type ServiceHealth = { service: string; ready: boolean }

/** What the portal has last heard from the other services. */
export type Known = {
  nodes: Node[]
  placements: Placement[]
  /** Members of each tier, by the tier's id. */
  members: ReadonlyMap<string, number>
  income: Income
  recordings: number
  health: ServiceHealth[]
  deadLetters: number
}

export type Income = { contributions: number; monthlyMinor: ReadonlyMap<string, number> }

export const nothingKnown: Known = {
  nodes: [],
  placements: [],
  members: new Map(),
  income: { contributions: 0, monthlyMinor: new Map() },
  recordings: 0,
  health: [],
  deadLetters: 0,
}

export const meetingsMax = 100

type Coop = { name: string; currency: string; tiers: readonly { id: string; name: string }[] }

/** The picture of what is known. Tiers come in the co-op's own order, those it no longer has at the end. */
export function drawPicture(known: Known, coop: Coop, trend: Trend, atMs: number): Picture {
  const nodes = known.nodes.filter((node) => node.status !== 'RETIRED').map(viewNode)
  const membersByTier = countTiers(known.members, coop)
  return {
    atMs,
    coop: coop.name,
    totals: {
      nodesReady: nodes.filter((node) => node.status === 'READY').length,
      nodes: nodes.length,
      meetings: known.placements.length,
      participants: participantsOf(known),
      members: sum(membersByTier.map((tier) => tier.count)),
      contributions: known.income.contributions,
      recordings: known.recordings,
    },
    nodes,
    meetings: known.placements
      .toSorted((a, b) => b.startedAtMs - a.startedAtMs || (a.placementId < b.placementId ? -1 : 1))
      .slice(0, meetingsMax)
      .map(viewMeeting),
    membersByTier,
    money: viewMoney(known.income, coop),
    health: known.health,
    trend,
    deadLetters: known.deadLetters,
  }
}

/** Everybody in a meeting now, as the nodes count them. */
export const participantsOf = ({ nodes }: Pick<Known, 'nodes'>): number => sum(nodes.map((node) => node.participants))

/** What a contribution brings in a month, in minor units; nothing unless it is paid and will be charged again. */
export function monthlyMinorOf({ status, frequency, amountMinor }: Contribution): number {
  if (status !== 'ACTIVE') return 0
  if (frequency === 'MONTHLY') return amountMinor
  return frequency === 'YEARLY' ? amountMinor / 12 : 0
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

function countTiers(members: Known['members'], { tiers }: Coop): TierCount[] {
  const counted = tiers.map(({ id, name }) => ({ tierId: id, name, count: members.get(id) ?? 0 }))
  const bygone = [...members].filter(([tierId]) => !tiers.some(({ id }) => id === tierId))
  return [...counted, ...bygone.map(([tierId, count]) => ({ tierId, name: tierId, count }))]
}

function viewMoney({ monthlyMinor }: Income, { currency }: Coop): Money {
  const byTier = [...monthlyMinor].map(([tierId, minor]) => ({ tierId, monthlyMinor: Math.round(minor) }))
  return { currency, monthlyMinor: Math.round(sum([...monthlyMinor.values()])), byTier }
}

const viewNode = ({ nodeId, status, region, meetings, participants, load, seenAtMs }: Node): NodeView => ({
  nodeId,
  status,
  region,
  meetings,
  participants,
  load,
  seenAtMs,
})

const viewMeeting = ({ placementId, nodeId, status, recorded, startedAtMs, participantsPeak }: Placement) => ({
  placementId,
  nodeId,
  status,
  recorded,
  startedAtMs,
  participantsPeak,
})
