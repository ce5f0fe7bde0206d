import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { openClock } from './clock.ts'
import { openJobs } from './jobs.ts'
import { startLoop } from './loop.ts'
import { readSecrets, sameSecret } from './secrets.ts'
import { readSettings } from './settings.ts'

const redisUrl = process.env.TEST_REDIS_URL
if (!redisUrl) throw new Error('TEST_REDIS_URL does not say where Redis is: run npm test')
const log = pino({ level: 'silent' })

const until = async (holds: () => boolean) => {
  const deadline = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it did not come to that')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('jobs', () => {
  test('a job that waits is not added again, and one that failed is tried again', async () => {
    const runs: string[] = []
    let open: () => void = () => {}
    const gate = new Promise<void>((resolve) => (open = resolve))
    const run = async ({ order }: { order: string }) => {
      await gate
      runs.push(order)
      if (runs.length === 1) throw new Error('OpenCollective is away')
    }
    const jobs = openJobs(redisUrl, log, { name: `test-${randomUUID()}`, run, concurrency: 1 })
    for (let n = 0; n < 5; n++) await jobs.add('order-1', { order: 'one' })
    await jobs.add('order-2', { order: 'two' })
    open()
    await until(() => runs.length === 3)
    await jobs.close()
    expect(runs.toSorted()).toEqual(['one', 'one', 'two'])
  })
})

describe('a loop', () => {
  const never = (error: unknown) => {
    throw error
  }

  test('runs at once, and again when it is woken, one run at a time', async () => {
    let runs = 0
    let atOnce = 0
    let most = 0
    const run = async () => {
      most = Math.max(most, ++atOnce)
      await new Promise((resolve) => setImmediate(resolve))
      runs++
      atOnce--
    }
    const loop = startLoop({ everyMs: 3_600_000, run, onError: never })
    await until(() => runs === 1)
    loop.wake()
    loop.wake()
    await until(() => runs >= 2)
    await loop.stop()
    expect(most).toBe(1)
  })

  test('goes on after a run that failed', async () => {
    let runs = 0
    const errors: unknown[] = []
    const run = async () => {
      if (++runs === 1) throw new Error('the store is away')
    }
    const loop = startLoop({ everyMs: 1, run, onError: (error) => errors.push(error) })
    await until(() => runs >= 3)
    await loop.stop()
    expect(errors).toHaveLength(1)
  })
})

describe('settings and secrets', () => {
  const complete = {
    SERVICE_NAME: 'billing',
    HTTP_PORT: '8082',
    GRPC_PORT: '8182',
    STATE_DIR: 'var/billing',
    NATS_URL: 'nats://127.0.0.1:10080',
    REDIS_URL: 'redis://127.0.0.1:10081',
    COOP_CONFIG: 'coop.yaml',
    SECRETS_FILE: 'var/secrets.json',
    PEERS: '{"membership":"127.0.0.1:8185"}',
    URLS: '{"billing":"http://127.0.0.1:8082"}',
  }

  test('are read once, and cannot be changed', () => {
    const settings = readSettings(complete)
    expect(settings).toMatchObject({ HTTP_PORT: 8082, HOST: '127.0.0.1', PEERS: { membership: '127.0.0.1:8185' } })
    expect(Object.isFrozen(settings)).toBe(true)
  })

  test('that are missing or wrong are all named', () => {
    const wrong = { ...complete, NATS_URL: undefined, PEERS: 'not json', HTTP_PORT: '99999' }
    expect(() => readSettings(wrong)).toThrow(/HTTP_PORT.*NATS_URL.*PEERS: is not JSON/)
  })

  test('a secret that is too short is named, and never told', () => {
    const folder = mkdtempSync(join(tmpdir(), 'meetcoop-secrets-'))
    const path = join(folder, 'secrets.json')
    writeFileSync(path, JSON.stringify({ operatorToken: 'hunter2' }))
    expect(() => readSecrets(path)).toThrow(/operatorToken, webhookPath/)
    expect(() => readSecrets(path)).not.toThrow(/hunter2/)
    rmSync(folder, { recursive: true })
  })

  test('secrets are the same or not, whatever their lengths', () => {
    expect([sameSecret('a', 'a'), sameSecret('a', 'b'), sameSecret('a', 'ab'), sameSecret('', 'a')]).toEqual([
      true,
      false,
      false,
      false,
    ])
  })
})

describe('the clock', () => {
  test('is the machine’s, and in the sandbox moves with its file', async () => {
    expect(Math.abs(openClock(undefined).nowMs() - Date.now())).toBeLessThan(1_000)
    const folder = mkdtempSync(join(tmpdir(), 'meetcoop-clock-'))
    const path = join(folder, 'clock.json')
    writeFileSync(path, '{"offsetMs":0}')
    const clock = openClock(path)
    writeFileSync(`${path}.new`, '{"offsetMs":86400000}')
    renameSync(`${path}.new`, path)
    await until(() => clock.nowMs() - Date.now() > 86_000_000)
    // A file that goes away while it is watched stops nobody.
    rmSync(folder, { recursive: true })
    const goneAtMs = performance.now()
    await until(() => performance.now() - goneAtMs > 300)
    expect(clock.nowMs() - Date.now()).toBeGreaterThan(86_000_000)
  })
})
