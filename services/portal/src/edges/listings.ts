import { sources, type Source } from '@meetcoop/contracts'
import { BillingQueryServiceService, type BillingQueryServiceServer } from '@meetcoop/contracts/billing'
import { HealthService, type HealthServer } from '@meetcoop/contracts/health'
import { MembershipQueryServiceService, type MembershipQueryServiceServer } from '@meetcoop/contracts/membership'
import {
  NodeQueryServiceService,
  PlacementServiceService,
  type NodeQueryServiceServer,
  type Placement,
  type PlacementServiceServer,
} from '@meetcoop/contracts/node-orchestration'
import { allPages, type House } from '@meetcoop/service'
import { monthlyMinorOf, type Known } from '../picture/picture.ts'
import { keepListing, type Listing } from './keep-listing.ts'

const reconcileMs = 10_000
const watchedMs = 1_000
const deadLettersMax = 100
const asked = [...(Object.keys(sources) as Source[]), 'bbb-gateway']

type Nudges = { [source in Source]?: readonly Listing[] } & { watched: readonly Listing[] }

/**
 * Keeps `known` as the other services have it: every 10 seconds, what moves every second while somebody watches, and
 * soon after an event that concerns it. What a service said last stays while it is away.
 */
export function keepKnown(house: House, known: Known, isWatched: () => boolean): Nudges {
  const seldom = () => reconcileMs
  const oftenIfWatched = () => (isWatched() ? watchedMs : reconcileMs)
  const nodes = keepListing(house, { everyMs: oftenIfWatched, list: listNodes(house, known) })
  const placements = keepListing(house, { everyMs: seldom, list: listPlacements(house, known) })
  const members = keepListing(house, { everyMs: seldom, list: countMembers(house, known) })
  const income = keepListing(house, { everyMs: seldom, list: addUpIncome(house, known) })
  const health = keepListing(house, { everyMs: oftenIfWatched, list: askHealth(house, known) })
  keepListing(house, { everyMs: seldom, list: countDeadLetters(house, known) })
  return {
    billing: [income],
    membership: [members],
    'node-orchestration': [nodes, placements],
    watched: [nodes, health],
  }
}

function listNodes(house: House, known: Known) {
  const peer = house.peer<NodeQueryServiceServer>('node-orchestration', NodeQueryServiceService)
  return async () => {
    const { nodes } = await peer.listNodes({})
    known.nodes = nodes
  }
}

function listPlacements(house: House, known: Known) {
  const peer = house.peer<PlacementServiceServer>('node-orchestration', PlacementServiceService)
  const ask = async (page: { after: string; limit: number }) =>
    (await peer.listPlacements(page)).placements.flatMap(({ placement }) => placement ?? [])
  return async () => {
    const placements: Placement[] = []
    for await (const placement of allPages(ask, (each) => each.meetingKey)) placements.push(placement)
    known.placements = placements
  }
}

function countMembers(house: House, known: Known) {
  const peer = house.peer<MembershipQueryServiceServer>('membership', MembershipQueryServiceService)
  const ask = async (page: { after: string; limit: number }) => (await peer.listMembers(page)).members
  return async () => {
    const counts = new Map<string, number>()
    for await (const { tierId } of allPages(ask, (each) => each.memberId))
      counts.set(tierId, (counts.get(tierId) ?? 0) + 1)
    known.members = counts
  }
}

function addUpIncome(house: House, known: Known) {
  const peer = house.peer<BillingQueryServiceServer>('billing', BillingQueryServiceService)
  const ask = async (page: { after: string; limit: number }) => (await peer.listContributions(page)).contributions
  return async () => {
    const monthlyMinor = new Map<string, number>()
    let contributions = 0
    for await (const each of allPages(ask, ({ contributionId }) => contributionId)) {
      if (each.status === 'ACTIVE') contributions++
      const minor = each.currency === house.coop.currency ? monthlyMinorOf(each) : 0
      if (minor > 0) monthlyMinor.set(each.tierId, (monthlyMinor.get(each.tierId) ?? 0) + minor)
    }
    known.income = { contributions, monthlyMinor }
  }
}

function askHealth(house: House, known: Known) {
  const peers = asked.map((service) => ({ service, peer: house.peer<HealthServer>(service, HealthService) }))
  return async () => {
    const isServing = async ({ service, peer }: (typeof peers)[number]) => {
      const ready = await peer.check({ service: '' }).then(
        ({ status }) => status === 'SERVING',
        () => false,
      )
      return { service, ready }
    }
    known.health = await Promise.all(peers.map(isServing))
  }
}

function countDeadLetters(house: House, known: Known) {
  return async () => {
    known.deadLetters = (await house.bus.deadLetters.list(deadLettersMax)).length
  }
}
