import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { signedUrl } from '@meetcoop/bbb'
import { openBus } from '@meetcoop/bus'
import { MembershipQueryServiceService, type MembershipQueryServiceServer } from '@meetcoop/contracts/membership'
import { openPeer } from '@meetcoop/service'
import { startConstellation, type Constellation } from '../constellation.ts'
import { announceBody, bbbAnswer, bbbUrl, forged, sendWebhook } from './bad-input.ts'
import { filesWith } from './files-with.ts'
import { playDemo } from './play-demo.ts'
import { runCoop } from './run-coop.ts'

let coop: Constellation

beforeAll(async () => {
  coop = await startConstellation(24_000)
}, 120_000)
afterAll(() => coop?.remove(), 30_000)

const members = async () => {
  const address = coop.endpoints.services.membership?.grpc ?? ''
  const { peer, close } = openPeer<MembershipQueryServiceServer>(MembershipQueryServiceService, address)
  const { members } = await peer.listMembers({ after: '', limit: 500 })
  close()
  return members
}

/** The portal's spans of a trace, as text. */
const traceOf = async (traceId: string): Promise<string> => {
  const headers = { authorization: `Bearer ${coop.endpoints.operatorToken}` }
  return (await fetch(`${coop.endpoints.portal}/api/traces/${traceId}`, { headers })).text()
}

const playsThrough = async (played: ReturnType<typeof playDemo>) => {
  const { code, steps } = await played
  expect(steps.filter((step) => !step.ok)).toEqual([])
  expect([code, steps.length]).toEqual([0, 11])
  return steps
}

describe('the whole story', () => {
  test('plays through, and leaves one trace from webhook to rights', async () => {
    const steps = await playsThrough(playDemo(coop.stateDir))
    expect(steps[2]?.traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(steps[2]?.traceId).toBe(steps[1]?.traceId)
    const names = await traceOf(steps[2]?.traceId ?? '')
    for (const hop of [
      'POST /webhooks/opencollective/:path',
      'billing-look-ups',
      'OpenCollective GraphQL',
      'store execute',
      'ContributionStarted process',
      'GetContribution',
    ])
      expect(names).toContain(hop)
  }, 120_000)

  test.each([
    'billing',
    'membership',
    'room-scheduling',
    'recording-storage',
    'node-orchestration',
    'bbb-gateway',
    'portal',
  ])(
    'plays through when %s is killed on the way',
    async (name) => {
      const after = {
        billing: 1,
        membership: 1,
        'room-scheduling': 4,
        'recording-storage': 6,
        'node-orchestration': 5,
        'bbb-gateway': 3,
        portal: 5,
      }[name]
      await playsThrough(playDemo(coop.stateDir, ({ step }) => step === after && coop.kill(name)))
    },
    240_000,
  )
})

describe('privacy', () => {
  test('no name and no address of anybody is in an event, a job, a log or a trace', async () => {
    const places = ['nats', 'log', 'redis'].map((folder) => join(coop.stateDir, folder))
    expect(places.filter((place) => !existsSync(place))).toEqual([])
    const { steps } = await playDemo(coop.stateDir)
    const ids = new Set(steps.map((step) => step.traceId).filter((id) => id !== ''))
    const traces = await Promise.all([...ids].map(traceOf))
    expect(traces.join()).toContain('store execute')
    const known = 'EntitlementsSet'
    expect(filesWith(known, places)).not.toEqual([])
    for (const name of ['Ateneu', 'ateneu@example.org', 'Mercè', 'Núria', 'Sala gran', 'Assembly', 'assembly-']) {
      expect({ name, files: filesWith(name, places) }).toEqual({ name, files: [] })
      expect(traces.join()).not.toContain(name)
    }
  }, 60_000)
})

describe('bad input', () => {
  test('a forged webhook is answered, changes nothing, and a wrong path is not there', async () => {
    const before = await members()
    const address = coop.endpoints.opencollectiveWebhook
    for (let n = 0; n < 20; n++) expect(await sendWebhook(address, forged(77_000_000 + n, 990_001))).toBe(200)
    expect(await sendWebhook(address.slice(0, -1), forged(77_000_100, 990_001))).toBe(404)
    expect(await sendWebhook(address, '{"id":"x"}')).toBe(400)
    expect(await members()).toEqual(before)
  })

  test('a body that is too large gets 413', async () => {
    const large = JSON.stringify({ id: 1, type: 'order.processed', data: { text: 'x'.repeat(2_000_000) } })
    expect(await sendWebhook(coop.endpoints.opencollectiveWebhook, large)).toBe(413)
    const create = bbbUrl(coop.endpoints, 'create', { name: 'Big', meetingID: 'big' })
    expect(await announceBody(create, 40_000_000)).toBe(413)
  })

  test('the BBB API refuses in BBB’s own words', async () => {
    const { endpoints } = coop
    const wrong = bbbUrl(endpoints, 'getMeetings', {}, 'not-the-secret')
    expect(await bbbAnswer(wrong)).toEqual({ status: 200, key: 'checksumError' })
    const unknown = bbbUrl(endpoints, 'getMeetingInfo', { meetingID: 'nobody-is-here' })
    expect(await bbbAnswer(unknown)).toEqual({ status: 200, key: 'notFound' })
    const end = bbbUrl(endpoints, 'end', { meetingID: 'nobody-is-here', password: 'x1' })
    expect(await bbbAnswer(end)).toEqual({ status: 200, key: 'notFound' })
  })
})

describe('the coop command', () => {
  const coopJson = async <T>(...args: string[]): Promise<T> => {
    const { code, out, error } = await runCoop(coop.stateDir, [...args, '--json'], { NEW_NODE: 'a-secret-of-its-own' })
    expect({ args, code, error }).toEqual({ args, code: 0, error: '' })
    return JSON.parse(out) as T
  }
  const nodeStates = async () =>
    (await coopJson<{ node: string; status: string }[]>('nodes', 'list')).map(({ node, status }) => `${node} ${status}`)

  test('tells how the services are, and their memory', async () => {
    const { services, memoryBytes } = await coopJson<{ services: { state: string }[]; memoryBytes: number }>('status')
    expect(services.map(({ state }) => state)).toEqual(Array.from({ length: 7 }, () => 'ready'))
    expect(memoryBytes).toBeGreaterThan(100_000_000)
  })

  test('opens and rotates a host account; both secrets are good for a while', async () => {
    type Account = { id: string; secret: string; url: string }
    const reason = ['--reason', 'agreed at the assembly']
    const opened = await coopJson<Account>('host-accounts', 'open', 'member-house', ...reason)
    expect(opened.id).toMatch(/^member-house-h\d+$/)
    const rotated = await coopJson<Account>('host-accounts', 'rotate', opened.id)
    expect(rotated.secret).not.toBe(opened.secret)
    const url = `${coop.endpoints.services['bbb-gateway']?.url}/t/${opened.id}/bigbluebutton/api/`
    const isTaken = async (secret: string) =>
      (await bbbAnswer(signedUrl(url, 'getMeetings', {}, secret))).key === 'noMeetings'
    const deadline = performance.now() + 15_000
    while (!(await isTaken(rotated.secret))) expect(performance.now()).toBeLessThan(deadline)
    expect(await isTaken(opened.secret)).toBe(true)
    expect(await isTaken('neither-of-them')).toBe(false)
  })

  test('adds, drains and removes a node', async () => {
    const url = 'http://127.0.0.1:9/bigbluebutton/api/'
    await coopJson('nodes', 'add', 'node-3', url, '--secret-env', 'NEW_NODE', '--region', 'eu')
    expect((await nodeStates()).some((state) => state.startsWith('node-3 '))).toBe(true)
    await coopJson('nodes', 'drain', 'node-3')
    expect(await nodeStates()).toContain('node-3 draining')
    await coopJson('nodes', 'remove', 'node-3')
    expect((await nodeStates()).filter((state) => /^node-3 (?!retired)/.test(state))).toEqual([])
  })

  test('shows members, events and dead letters', async () => {
    const [first] = await coopJson<{ member: string }[]>('members', 'list')
    expect(await coopJson('members', 'show', first?.member ?? '')).toMatchObject({ member: first?.member })
    expect(await coopJson('meetings', 'list')).toEqual([])
    expect(await coopJson('dead-letters', 'list')).toEqual([])
    const { out } = await runCoop(coop.stateDir, ['events', 'tail', '--no-follow', '--last', '3', '--json'])
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => typeof (JSON.parse(line) as { id: string }).id),
    ).toContain('string')
  })

  test('says in one line what to do when something is wrong', async () => {
    const unknown = await runCoop(coop.stateDir, ['members', 'show', 'member-nobody'])
    expect([unknown.code, unknown.error.trim().split('\n').length]).toEqual([1, 1])
    const nothing = await runCoop('/tmp/nothing-runs-here', ['status'])
    expect(nothing).toMatchObject({ code: 1, error: expect.stringContaining('start it with npm start') })
    const letter = await runCoop(coop.stateDir, ['dead-letters', 'redrive', '12345'])
    expect(letter).toMatchObject({ code: 1, error: 'coop: there is no dead letter 12345\n' })
  })
})

describe('a stop and a start', () => {
  test('stops within ten seconds and finds everything as it was', async () => {
    await playsThrough(playDemo(coop.stateDir))
    const before = await members()
    expect(before.length).toBeGreaterThan(1)
    expect(await coop.stop()).toBeLessThan(10_000)
    expect(existsSync(join(coop.stateDir, 'run/endpoints.json'))).toBe(false)
    const startedAt = performance.now()
    await coop.restart()
    expect(performance.now() - startedAt).toBeLessThan(30_000)
    expect(await members()).toEqual(before)
    const bus = await openBus({ url: coop.endpoints.nats, name: 'story-test' })
    expect(await bus.deadLetters.list(10)).toEqual([])
    await bus.close()
    await playsThrough(playDemo(coop.stateDir))
  }, 180_000)
})
