import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { Credential_Kind } from '@meetcoop/contracts/membership'
import type { House } from '@meetcoop/service'
import { execute } from '@meetcoop/store'
import { memberDecider, type MemberCommand } from '../member/member.ts'
import type { MemberState } from '../member/state.ts'
import type { Collections } from '../store.ts'
import { catalogueOf } from './catalogue.ts'
import { credentialsOf } from './credentials.ts'
import { houseMemberId, memberIdOfHostAccount } from './ids.ts'

const tenantsMax = 1_000
const membersPerPage = 500
const opening = z.strictObject({ reason: z.string().trim().min(1).max(500) })
const rotation = z.strictObject({ overlapHours: z.number().min(0).max(720).default(24) })

const refusals: Record<string, string> = {
  'basic-tier': 'this member has the basic tier, which has no host accounts; it needs a contribution first',
  'too-many-host-accounts': 'this member has as many host accounts as there can be',
  'no-open-host-account': 'there is no such open host account',
}

type Tenant = { id: string; secret: string; url: string }

/** The operators' edges: every tenant of the gateway, host accounts beyond the tier, new secrets. */
export function operatorEdges(app: FastifyInstance, house: House, { members, agreements }: Collections): void {
  const { clock, secrets, coop } = house
  const catalogue = catalogueOf(coop)
  const tenantsOf = (member: MemberState): Tenant[] =>
    credentialsOf(member, secrets.hostAccountKey, clock.nowMs())
      .filter(({ kind }) => kind === Credential_Kind.HOST_ACCOUNT)
      .map(({ tenantId: id, secrets: [secret = ''] }) => ({ id, secret, url: addressOf(house, member.memberId, id) }))
  const change = (memberId: string, command: MemberCommand) =>
    execute(members, memberDecider, {
      id: memberId,
      causeId: `operator-${randomUUID()}`,
      command,
      nowMs: clock.nowMs(),
    })

  app.get('/tenants', async () => {
    const own = await members.get(houseMemberId)
    const tenants = own ? tenantsOf(own.state) : []
    for (let after: string | undefined = ''; after !== undefined && tenants.length < tenantsMax;) {
      const page = await members.page({ after, limit: membersPerPage })
      const others = page.filter(({ id }) => id !== houseMemberId)
      tenants.push(...others.flatMap(({ state }) => tenantsOf(state)))
      after = page.length < membersPerPage ? undefined : page.at(-1)?.id
    }
    return tenants.slice(0, tenantsMax)
  })

  app.post<{ Params: { memberId: string } }>('/members/:memberId/host-accounts', async (request, reply) => {
    const { memberId } = request.params
    const read = opening.safeParse(request.body)
    if (!read.success) return refuse(reply, 400, 'send {"reason": "why the member gets one more"}')
    if (!(await members.get(memberId))) return refuse(reply, 404, 'there is no such member')
    const changed = await change(memberId, { type: 'AgreeHostAccount', catalogue })
    if ('refused' in changed) return refuse(reply, 409, refusals[changed.refused] ?? changed.refused)
    const agreement = { memberId, reason: read.data.reason, agreedAtMs: clock.nowMs() }
    await agreements.write({
      id: `${memberId}.${changed.state.agreedHostAccounts}`,
      expectedVersion: 0,
      state: agreement,
    })
    return reply.code(201).send(tenantsOf(changed.state).at(-1))
  })

  app.post<{ Params: { id: string } }>('/host-accounts/:id/rotate', async (request, reply) => {
    const { id: hostAccountId } = request.params
    const read = rotation.safeParse(request.body ?? {})
    if (!read.success) return refuse(reply, 400, 'send {"overlapHours": 24}, from 0 to 720')
    const memberId = memberIdOfHostAccount(hostAccountId)
    if (!memberId) return refuse(reply, 404, 'there is no such open host account')
    const previousUntilMs = clock.nowMs() + read.data.overlapHours * 3_600_000
    const changed = await change(memberId, { type: 'RotateSecret', hostAccountId, previousUntilMs })
    if ('refused' in changed) return refuse(reply, 404, refusals[changed.refused] ?? changed.refused)
    return tenantsOf(changed.state).find(({ id }) => id === hostAccountId)
  })
}

const refuse = (reply: FastifyReply, status: number, error: string) => reply.code(status).send({ error })

// The co-op's own accounts are reached at the address that BBB front ends expect.
function addressOf({ settings }: House, memberId: string, tenantId: string): string {
  const gateway = settings.URLS['bbb-gateway']
  if (!gateway) throw new Error('URLS does not tell where bbb-gateway is')
  return memberId === houseMemberId ? `${gateway}/bigbluebutton/api/` : `${gateway}/t/${tenantId}/bigbluebutton/api/`
}
