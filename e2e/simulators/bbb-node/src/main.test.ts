import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'

const start = (env: NodeJS.ProcessEnv) =>
  spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
    env: { ...env, NODE_NAME: 'north' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

test('says where it is ready, and stops within a second when told', async () => {
  const node = start({ BBB_SECRET: 'k' })
  const [line] = (await once(createInterface(node.stdout), 'line')) as [string]
  const { ready } = JSON.parse(line) as { ready: string }
  expect((await fetch(`${ready}/bigbluebutton/api/`)).status).toBe(200)
  const stopped = once(node, 'exit')
  node.kill('SIGTERM')
  expect(await Promise.race([stopped, wait(1000, 'still running', { ref: false })])).toEqual([0, null])
})

test('does not start without a secret', async () => {
  const [code] = (await once(start({}), 'exit')) as [number]
  expect(code).toBe(1)
})
