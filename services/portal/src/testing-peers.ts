import type { Contribution } from '@meetcoop/contracts/billing'
import type { Node, Placement } from '@meetcoop/contracts/node-orchestration'

export const startedAtMs = Date.UTC(2026, 9, 10, 12)

export const node = (nodeId: string, change: Partial<Node> = {}): Node => ({
  nodeId,
  url: `https://${nodeId}.example.org/bigbluebutton/api/`,
  region: 'eu',
  status: 'READY',
  meetings: 0,
  participants: 0,
  load: 0,
  seenAtMs: startedAtMs,
  ...change,
})

export const placement = (meetingKey: string, change: Partial<Placement> = {}): Placement => ({
  placementId: `${meetingKey}.1`,
  meetingKey,
  tenantId: 'member-0a1b2c3d4e5f6071-h1',
  memberId: 'member-0a1b2c3d4e5f6071',
  nodeId: 'node-1',
  internalMeetingId: '',
  status: 'RUNNING',
  recorded: false,
  placedAtMs: startedAtMs,
  startedAtMs,
  endedAtMs: 0,
  participantsPeak: 0,
  participantMinutes: 0,
  ...change,
})

export const contribution = (contributionId: string, change: Partial<Contribution> = {}): Contribution => ({
  contributionId,
  contributorId: 'contributor-0a1b2c3d4e5f6071',
  tierId: 'micro-organisation',
  status: 'ACTIVE',
  amountMinor: 2_100,
  currency: 'EUR',
  frequency: 'MONTHLY',
  paidThroughMs: 0,
  rightsUntilMs: 0,
  observedAtMs: 0,
  orderUpdatedAtMs: 0,
  lesserTierId: '',
  lesserFromMs: 0,
  ...change,
})

type Page = { after: string; limit: number }

const pageOf = <Item>(items: readonly Item[], idOf: (item: Item) => string, { after, limit }: Page) =>
  items
    .toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
    .filter((item) => idOf(item) > after)
    .slice(0, limit)

/** The other services as the portal sees them, in this process: what they hold can be changed while the portal runs. */
export function openPeers() {
  const held = {
    nodes: [] as Node[],
    placements: [] as Placement[],
    members: [] as { memberId: string; tierId: string }[],
    contributions: [] as Contribution[],
    away: new Set<string>(),
    lists: { members: 0 },
  }
  const from = (service: string) => {
    if (held.away.has(service)) throw new Error(`${service} is away`)
    return held
  }
  const check = (service: string) => ({
    check: async () => ({ status: held.away.has(service) ? 'NOT_SERVING' : 'SERVING' }),
  })
  const peers = {
    'node-orchestration': {
      ...check('node-orchestration'),
      listNodes: async () => ({ nodes: from('node-orchestration').nodes }),
      listPlacements: async (page: Page) => {
        const items = pageOf(from('node-orchestration').placements, (each) => each.meetingKey, page)
        return { placements: items.map((each) => ({ placement: each })) }
      },
    },
    membership: {
      ...check('membership'),
      listMembers: async (page: Page) => {
        held.lists.members++
        return { members: pageOf(from('membership').members, (each) => each.memberId, page) }
      },
    },
    billing: {
      ...check('billing'),
      listContributions: async (page: Page) => ({
        contributions: pageOf(from('billing').contributions, (each) => each.contributionId, page),
      }),
    },
    'room-scheduling': check('room-scheduling'),
    'recording-storage': check('recording-storage'),
    'bbb-gateway': check('bbb-gateway'),
  }
  return { held, peers }
}
