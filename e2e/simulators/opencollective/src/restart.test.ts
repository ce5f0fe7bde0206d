import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startForTest, tiers, until } from './start-for-test.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sim-opencollective-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('orders, members, numbers and the webhook address survive a restart', async () => {
  const stateFile = join(folder, 'state.json')
  const first = await startForTest({ stateFile })
  await first.control('contributions', { tierSlug: 'micro', name: 'Ana', slug: 'ana', email: 'ana@example.org' })
  await first.control('webhook', { url: 'http://127.0.0.1:9/' })
  const before = await first.read('orders')
  await first.close()

  const second = await startForTest({ stateFile })
  expect(await second.read('orders')).toEqual(before)
  const again = await second.control('contributions', { tierSlug: 'micro', name: 'Ana', slug: 'ana' })
  expect(again.body).toMatchObject({
    legacyId: 884214,
    fromAccountLegacyId: 70011,
    webhooks: [{ id: 9100003, type: 'order.processed', status: 'failed' }],
  })
  await second.close()
})

test('a change is on disk soon, without a close', async () => {
  const stateFile = join(folder, 'state.json')
  const running = await startForTest({ stateFile })
  await running.control('contributions', { tierSlug: 'micro', name: 'Ana' })
  await until(async () => (await readFile(stateFile, 'utf8').catch(() => '')).includes('"legacyId":884213'))
  await running.close()
})

test('the program says where it is, follows its clock file, and stops within a second of SIGTERM, even while a webhook hangs', async () => {
  const clockFile = join(folder, 'clock.json')
  await writeFile(clockFile, '{"offsetMs":0}')
  const env = {
    PORT: '0',
    OC_TOKEN: 't',
    OC_SLUG: 'example-coop',
    OC_TIERS: JSON.stringify(tiers),
    SANDBOX_CLOCK: clockFile,
  }
  const program = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { ...env, PATH: process.env.PATH },
  })
  const exit = once(program, 'exit')
  const [line] = await once(program.stdout, 'data')
  const { ready } = JSON.parse(String(line))
  const now = async () => Date.parse(JSON.parse(await (await fetch(`${ready}/sandbox/orders`)).text()).now)
  expect(Math.abs((await now()) - Date.now())).toBeLessThan(60_000)
  await writeFile(clockFile, '{"offsetMs":864000000}')
  await until(async () => (await now()) > Date.now() + 863_000_000)
  const deaf = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
  await once(deaf, 'listening')
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${ready}/sandbox/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  await post('webhook', { url: `http://127.0.0.1:${(deaf.address() as AddressInfo).port}/` })
  const cutOff = post('contributions?waitMs=30000', { tierSlug: 'micro', name: 'Ana' }).catch(() => 'cut off')
  await once(deaf, 'connection')
  const askedMs = Date.now()
  program.kill('SIGTERM')
  expect((await exit)[0]).toBe(0)
  expect(Date.now() - askedMs).toBeLessThan(1_000)
  expect(await cutOff).toBe('cut off')
  await new Promise((resolve) => deaf.close(resolve))
})

test.each([
  [{}, 'OC_TOKEN is not set'],
  [{ OC_TOKEN: 't', OC_SLUG: 's', OC_TIERS: '[{}]' }, 'OC_TIERS must be'],
])('with the environment %j it says in one line what is wrong', async (env, message) => {
  const program = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], { env })
  const exit = once(program, 'exit')
  const [line] = await once(program.stderr, 'data')
  expect((await exit)[0]).toBe(1)
  expect(String(line)).toContain(message)
})
