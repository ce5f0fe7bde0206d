import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import path from 'node:path'
import { launch, npmStart, processesOf, standInRepository, until, type Launched } from '../fixtures/launched.ts'
import { serviceNames } from './ports.ts'
import { firstAnswer } from './probe.ts'

// Below the ports that the system hands out itself, and unlike those of a co-op that runs beside the tests.
const portBase = 21_000
let root: string
let launched: Launched[] = []

beforeAll(() => void (root = standInRepository()))
afterAll(() => rmSync(root, { recursive: true, force: true }))
afterEach(async () => {
  for (const each of launched) each.process.kill()
  await Promise.all(launched.map((each) => each.end()))
  launched = []
  await until('nothing runs any more', () => processesOf(root).length === 0)
  rmSync(path.join(root, 'var'), { recursive: true, force: true })
})

const start = (...args: string[]) => kept(launch(root, ['--port-base', String(portBase), ...args]))
const kept = (each: Launched) => {
  launched.push(each)
  return each
}
const inState = (file: string) => path.join(root, 'var', file)
const stateText = (file: string) => readFileSync(inState(file), 'utf8')
const tell = (name: string, what: string) => {
  mkdirSync(inState(name), { recursive: true })
  writeFileSync(inState(path.join(name, what)), '')
}
const redis = (command: string) => firstAnswer('127.0.0.1', portBase + 2001, `${command}\r\n`)
const up = 'is up after'

describe('a start', () => {
  test('tells what runs where, for this user only, and takes the file away at the end', async () => {
    const coop = start()
    await coop.says(up)
    for (const name of serviceNames) expect(coop.output()).toContain(`✓ ${name}`)
    const found = JSON.parse(stateText('run/endpoints.json'))
    const secrets = JSON.parse(stateText('secrets.json'))
    expect(found).toMatchObject({
      bbb: { url: 'http://127.0.0.1:21000/bigbluebutton/api/', tenants: [{ id: 'house', secret: 's3cret' }] },
      portal: 'http://127.0.0.1:21001',
      operatorToken: secrets.operatorToken,
      opencollectiveWebhook: `http://127.0.0.1:21002/webhooks/opencollective/${secrets.webhookPath}`,
      recordings: 'http://127.0.0.1:21003',
      sandbox: { opencollective: 'http://127.0.0.1:22020', clock: inState('run/clock.json') },
      store: 'sqlite',
    })
    expect(found.sandbox.nodes).toHaveLength(2)
    for (const file of ['run/endpoints.json', 'secrets.json']) expect(statSync(inState(file)).mode & 0o777).toBe(0o600)
    coop.process.kill('SIGTERM')
    expect((await coop.end()).code).toBe(0)
    expect(existsSync(inState('run/endpoints.json'))).toBe(false)
  })

  test('gives each service its settings', async () => {
    await start().says(up)
    const given = JSON.parse(stateText('billing/environment.json'))
    expect(given).toMatchObject({ HTTP_PORT: '21002', GRPC_PORT: '21102', COOP_CONFIG: path.join(root, 'coop.yaml') })
    expect(JSON.parse(given.PEERS)).toMatchObject({ membership: '127.0.0.1:21105' })
    expect(JSON.parse(given.URLS)).toMatchObject({ portal: 'http://127.0.0.1:21001' })
    expect(JSON.parse(given.SANDBOX_NODES)).toHaveLength(2)
    const opencollective = JSON.parse(stateText('opencollective/environment.json'))
    expect(JSON.parse(opencollective.OC_TIERS)[1]).toMatchObject({ slug: 'micro-organisation', amountMinor: 2084 })
  })

  test('finds what the one before it left', async () => {
    const first = start()
    await first.says(up)
    const secrets = stateText('secrets.json')
    expect(await redis('SET kept yes')).toContain('OK')
    writeFileSync(inState('run/clock.json'), '{"offsetMs":5}')
    first.process.kill('SIGTERM')
    await first.end()
    await start().says(up)
    expect(await redis('GET kept')).toContain('yes')
    expect(stateText('secrets.json')).toBe(secrets)
    expect(JSON.parse(stateText('run/clock.json'))).toEqual({ offsetMs: 5 })
  })
})

describe('while it runs', () => {
  test('what dies is started again', async () => {
    const coop = start()
    await coop.says(up)
    for (const name of ['membership', 'node-2', 'opencollective']) {
      const before = stateText(`${name}/pid`)
      process.kill(Number(before), 'SIGKILL')
      await until(`${name} is back`, () => stateText(`${name}/pid`) !== before)
      expect(coop.output()).toContain(`! ${name} ended (SIGKILL), starting it again in 0.2 s`)
    }
  })

  test('Redis too comes back, with its data', async () => {
    const coop = start()
    await coop.says(up)
    await redis('SET kept yes')
    const pid = /process_id:(\d+)/.exec(await redis('INFO server'))?.[1]
    process.kill(Number(pid), 'SIGKILL')
    await coop.says('redis ended (SIGKILL)')
    await until('the value is there again', async () => (await redis('GET kept')).includes('yes'))
  })

  test('a second launcher on the same folder is refused', async () => {
    const coop = start()
    await coop.says(up)
    const second = start()
    expect((await second.end()).code).toBe(1)
    expect(second.output()).toContain(`process ${coop.process.pid} already runs this co-op`)
  })
})

describe('a stop', () => {
  test('ctrl-C, which reaches the whole process group: services, then portal and simulators, then servers', async () => {
    const coop = start()
    await coop.says(up)
    process.kill(-coop.process.pid!, 'SIGINT')
    process.kill(-coop.process.pid!, 'SIGINT')
    const { code, seconds } = await coop.end()
    expect(code).toBe(0)
    expect(seconds).toBeLessThan(10)
    const order = stateText('stopped').trim().split('\n')
    expect(order.slice(0, 6).toSorted()).toEqual(serviceNames.filter((name) => name !== 'portal').toSorted())
    expect(order.slice(6).toSorted()).toEqual(['node-1', 'node-2', 'opencollective', 'portal'])
    expect(stateText('log/redis.log')).toContain('Redis is now ready to exit')
    expect(processesOf(root)).toEqual([])
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('%s to npm alone reaches everything', async (signal) => {
    const coop = kept(npmStart(root, ['--port-base', String(portBase)]))
    await coop.says(up)
    coop.process.kill(signal)
    await coop.end()
    expect(stateText('log/redis.log')).toContain('Redis is now ready to exit')
    expect(processesOf(root)).toEqual([])
  })

  test('a service that will not end is ended within ten seconds', async () => {
    tell('billing', 'stubborn')
    tell('node-1', 'stubborn')
    const coop = start()
    await coop.says(up)
    coop.process.kill('SIGTERM')
    const { code, seconds } = await coop.end()
    expect(code).toBe(0)
    expect(seconds).toBeLessThan(10)
    expect(processesOf(root)).toEqual([])
  })

  test('in the middle of a start leaves nothing behind', async () => {
    const coop = start()
    await coop.says('✓ NATS and Redis')
    coop.process.kill('SIGTERM')
    expect((await coop.end()).code).toBe(0)
    expect(processesOf(root)).toEqual([])
  })
})

describe('when the launcher itself is killed', () => {
  test('its children end by themselves', async () => {
    const coop = start()
    await coop.says(up)
    coop.process.kill('SIGKILL')
    await coop.end()
    await until('all children are gone', () => processesOf(root).length === 0)
  })

  test('the next start clears up and goes on', async () => {
    tell('billing', 'stubborn')
    const coop = start()
    await coop.says(up)
    coop.process.kill('SIGKILL')
    await coop.end()
    const next = start()
    await next.says('that an earlier start left behind')
    rmSync(inState('billing/stubborn'))
    await next.says(up)
  })
})

describe('what a person can mend is told in one line', () => {
  const refused = async (coop: Launched, message: string) => {
    expect((await coop.end()).code).toBe(1)
    expect(coop.output()).toContain(message)
    expect(coop.output()).not.toContain('    at ')
    expect(processesOf(root)).toEqual([])
  }

  test('a taken port', async () => {
    const other = createServer().listen(portBase + 105, '127.0.0.1')
    await once(other, 'listening')
    try {
      await refused(start(), `port 21105 (membership gRPC) is taken by node`)
    } finally {
      other.close()
    }
  })

  test('a mistake in coop.yaml', async () => {
    const broken = path.join(root, 'broken.yaml')
    writeFileSync(broken, readFileSync(path.join(root, 'coop.yaml'), 'utf8').replace('graceDays: 20', 'graceDays: 2'))
    await refused(start('--config', 'broken.yaml'), 'graceDays must be a whole number from 20 to 366')
  })

  test('a service that will not start', async () => {
    tell('portal', 'fail')
    await refused(start(), 'Cannot start: portal will not start: fatal error: the stand-in was told to fail')
  })

  test('a state folder that cannot be one', async () => {
    await refused(start('--state', 'coop.yaml'), 'cannot write to the state folder')
  })

  test('a token that the real thing needs', async () => {
    await refused(start('--no-sandbox'), 'coop.yaml wants OPENCOLLECTIVE_TOKEN in the environment')
  })

  test('an option that there is not', async () => {
    await refused(start('--sandbax'), "Unknown option '--sandbax'; npm start -- --help lists the options")
  })
})
