import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import Fastify, { type FastifyInstance } from 'fastify'
import { factToJson, type Envelope } from '@meetcoop/contracts'
import type { Contribution } from '@meetcoop/contracts/billing'
import type { MembershipQueryServiceServer } from '@meetcoop/contracts/membership'
import type { Queries } from '@meetcoop/service'
import { openTestService, type TestService } from '@meetcoop/service/testing'
import { memberIdOf } from './edges/ids.ts'
import { service } from './service.ts'

const gateway = 'http://gateway.test'
const contributor = { contributorId: 'contributor-1', slug: 'ana', name: 'Ana', email: 'ana@example.org' }
const memberId = memberIdOf('contributor-1')
const hourMs = 3_600_000

let membership: TestService
let app: FastifyInstance
let billingAnswers: boolean

beforeEach(async () => {
  billingAnswers = true
  const billing = {
    getContribution: async ({ contributionId }: { contributionId: string }) => {
      if (!billingAnswers) throw new Error('billing is away')
      return { contribution: { contributionId }, contributor: { ...contributor, organisation: false } }
    },
  }
  membership = await openTestService(service, { peers: { billing }, settings: { URLS: { 'bbb-gateway': gateway } } })
  app = Fastify()
  await membership.edges.http?.(app)
})
afterEach(async () => {
  await app.close()
  await membership.close()
})

const contribution: Contribution = {
  contributionId: 'oc-1',
  contributorId: 'contributor-1',
  tierId: 'micro-organisation',
  status: 'ACTIVE',
  amountMinor: 2_100,
  currency: 'EUR',
  frequency: 'MONTHLY',
  paidThroughMs: 1_000,
  rightsUntilMs: 2_000,
  observedAtMs: 0,
  orderUpdatedAtMs: 0,
  lesserTierId: '',
  lesserFromMs: 0,
}

type Name = 'ContributionStarted' | 'ContributionAltered' | 'ContributionEnded' | 'ContributionLapsed'
const event = (type: Name, version: number, change: Partial<Contribution> = {}): Envelope => ({
  ...{ id: `oc-1.${version}.0`, type, version, aggregateId: 'oc-1', causeId: 'test', occurredAtMs: 0, traceparent: '' },
  data: factToJson({ type, data: { contribution: { ...contribution, ...change } } }),
})
const started = event('ContributionStarted', 1)
const altered = event('ContributionAltered', 2, { tierId: 'small-organisation' })
const lapsed = event('ContributionLapsed', 3, { tierId: 'small-organisation', status: 'LAPSED' })

const queries = () => membership.edges.grpc?.[0]?.queries as unknown as Queries<MembershipQueryServiceServer>
const memberNow = async () => (await queries().getMember({ memberId })).member
const credentialsNow = async (id = memberId) => (await queries().getCredentials({ memberId: id })).credentials
const deliver = async (...events: Envelope[]) => {
  for (const each of events) expect(await membership.deliver(each)).toEqual({ kind: 'done' })
}
const operator = async (method: 'GET' | 'POST', path: string, body?: object) => {
  const headers = { authorization: `Bearer ${membership.house.secrets.operatorToken}` }
  const answer = await app.inject({ method, url: `/operator${path}`, headers, ...(body && { payload: body }) })
  return { status: answer.statusCode, body: answer.json<Record<string, string>>() }
}

describe('contributions', () => {
  test('make a member with rights, host accounts and secrets', async () => {
    await deliver(started)
    expect(await memberNow()).toMatchObject({
      tierId: 'micro-organisation',
      entitlements: { hostAccounts: 2, recordingSpaceBytes: 25e9, vote: true },
      hostAccountIds: [`${memberId}-h1`, `${memberId}-h2`],
      rightsUntilMs: 2_000,
    })
    const key = membership.house.secrets.hostAccountKey
    const secretOf = (tenant: string) => createHmac('sha256', key).update(`tenant:${tenant}:1`).digest('base64url')
    expect(await credentialsNow()).toEqual([
      { tenantId: `${memberId}-h1`, kind: 'HOST_ACCOUNT', secrets: [secretOf(`${memberId}-h1`)] },
      { tenantId: `${memberId}-h2`, kind: 'HOST_ACCOUNT', secrets: [secretOf(`${memberId}-h2`)] },
      { tenantId: `${memberId}-rooms`, kind: 'ROOMS', secrets: [secretOf(`${memberId}-rooms`)] },
    ])
  })

  test.each([
    ['in order', [started, altered, lapsed]],
    ['each twice', [started, started, altered, altered, lapsed, lapsed]],
    ['backwards', [lapsed, altered, started]],
    ['shuffled, some twice', [altered, lapsed, started, altered, lapsed]],
  ])('delivered %s end the same', async (_how, events) => {
    await deliver(...events)
    expect(await memberNow()).toMatchObject({
      tierId: 'basic-user',
      entitlements: { hostAccounts: 0, recordingSpaceBytes: 0, vote: false },
      hostAccountIds: [],
      rightsUntilMs: 0,
    })
  })

  test('that say nothing go to the dead letters', async () => {
    const empty = { ...started, data: {} }
    expect(await membership.deliver(empty)).toMatchObject({ kind: 'never' })
  })
})

describe('profiles', () => {
  const profileNow = async () => (await queries().getMember({ memberId })).profile

  test('are asked of billing and never told in an event', async () => {
    await deliver(started)
    await membership.runLoops()
    expect(await profileNow()).toEqual({ name: 'Ana', email: 'ana@example.org', opencollectiveSlug: 'ana' })
    expect(JSON.stringify(await membership.written())).not.toMatch(/ana/i)
  })

  test('wait for billing, and rights do not', async () => {
    billingAnswers = false
    await deliver(started)
    await expect(membership.runLoops()).rejects.toThrow('billing is away')
    expect((await memberNow())?.tierId).toBe('micro-organisation')
    expect((await profileNow())?.name).toBe('')
    billingAnswers = true
    await membership.runLoops()
    expect((await profileNow())?.name).toBe('Ana')
  })
})

describe('operators', () => {
  test('see every tenant, the co-op’s own first', async () => {
    await deliver(started)
    const { status, body } = await operator('GET', '/tenants')
    const tenants = body as unknown as { id: string; url: string }[]
    expect([status, tenants.length]).toEqual([200, 12])
    expect(tenants[0]).toMatchObject({ id: 'member-house-h1', url: `${gateway}/bigbluebutton/api/` })
    expect(tenants[11]?.url).toBe(`${gateway}/t/${memberId}-h2/bigbluebutton/api/`)
  })

  test('open a host account beyond the tier', async () => {
    await deliver(started)
    const path = `/members/${memberId}/host-accounts`
    expect(await operator('POST', path, { reason: 'agreed at the assembly' })).toMatchObject({
      status: 201,
      body: { id: `${memberId}-h3`, secret: (await credentialsNow())[2]?.secrets[0] },
    })
    expect((await memberNow())?.entitlements?.hostAccounts).toBe(3)
    expect(JSON.stringify(await membership.written())).not.toContain('assembly')
  })

  test('rotate a secret; the one before is good for a while', async () => {
    const [before] = await credentialsNow('member-house')
    const { status, body } = await operator('POST', '/host-accounts/member-house-h1/rotate', { overlapHours: 2 })
    const [during] = await credentialsNow('member-house')
    expect([status, during?.secrets]).toEqual([200, [body.secret, before?.secrets[0]]])
    membership.moveClock(2 * hourMs)
    const [afterwards] = await credentialsNow('member-house')
    expect(afterwards?.secrets).toEqual([body.secret])
  })

  test.each([
    ['an unknown member', '/members/member-none/host-accounts', { reason: 'x' }, 404],
    ['no reason', '/members/member-house/host-accounts', {}, 400],
    ['an unknown account', '/host-accounts/member-house-h99/rotate', {}, 404],
    ['no account at all', '/host-accounts/nonsense/rotate', {}, 404],
    ['an odd overlap', '/host-accounts/member-house-h1/rotate', { overlapHours: -1 }, 400],
  ])('are told about %s', async (_what, path, body, status) => {
    const before = await membership.written()
    expect(await operator('POST', path, body)).toMatchObject({ status, body: { error: expect.any(String) } })
    expect(await membership.written()).toEqual(before)
  })

  test('can give a basic user no host account', async () => {
    await deliver(lapsed)
    expect(await operator('POST', `/members/${memberId}/host-accounts`, { reason: 'x' })).toMatchObject({ status: 409 })
  })

  test('alone are let in', async () => {
    expect((await app.inject({ url: '/operator/tenants' })).statusCode).toBe(401)
  })
})

test('the co-op is a member of its own, admitted once', async () => {
  const facts = async () => (await membership.written()).map(({ type }) => type)
  const before = await facts()
  expect(before.slice(0, 4)).toEqual(['MemberAdmitted', 'ContributionCounted', 'TierGranted', 'EntitlementsSet'])
  await service.build(membership.house)
  await membership.runLoops()
  expect(await facts()).toEqual(before)
  const { member } = await queries().getMember({ memberId: 'member-house' })
  expect(member).toMatchObject({ tierId: 'large-organisation', rightsUntilMs: 0 })
})

test('members are listed in pages, and unknown ones refused', async () => {
  await deliver(started)
  const { members } = await queries().listMembers({ after: '', limit: 1 })
  const rest = await queries().listMembers({ after: members[0]?.memberId ?? '', limit: 0 })
  expect([...members, ...rest.members].map((each) => each.memberId).sort()).toEqual([memberId, 'member-house'].sort())
  await expect(queries().getMember({ memberId: 'member-none' })).rejects.toThrow('no such member')
  await expect(queries().getCredentials({ memberId: 'member-none' })).rejects.toThrow('no such member')
})

test('a catalogue that has changed reaches every member after the next start', async () => {
  await deliver(started)
  const tiers = membership.house.coop.tiers.map((tier) => ({ ...tier, hostAccounts: 1 }))
  const loops: (() => Promise<void>)[] = []
  const loop = ({ run }: { run(): Promise<void> }) => {
    loops.push(run)
    return { wake: () => {} }
  }
  await service.build({ ...membership.house, coop: { ...membership.house.coop, tiers }, loop })
  for (const run of loops) await run()
  expect((await memberNow())?.hostAccountIds).toEqual([`${memberId}-h1`])
})
