import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { Envelope } from '@meetcoop/contracts'
import { openBusLater } from './late-bus.ts'

const stops: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

async function sparePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function startNats(port: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'meetcoop-nats-'))
  const server: ChildProcess = spawn('nats-server', ['-js', '-a', '127.0.0.1', '-p', String(port), '-sd', folder], {
    stdio: 'ignore',
  })
  // Stopped last: the bus says goodbye to it.
  stops.unshift(async () => {
    const exited = new Promise((resolve) => server.once('exit', resolve))
    server.kill()
    await exited
    rmSync(folder, { recursive: true })
  })
}

const event: Envelope = {
  id: 'n1.1.0',
  type: 'NodeRegistered',
  aggregateId: 'n1',
  version: 1,
  causeId: 'c',
  occurredAtMs: 1,
  traceparent: '',
  data: { nodeId: 'n1' },
}

test('what was asked of the bus before its server came is done when it comes', async () => {
  const port = await sparePort()
  const bus = openBusLater({ url: `nats://127.0.0.1:${port}`, name: 'late', onError: () => {} })
  stops.push(bus.close)
  const heard = new Promise<Envelope>((resolve) => {
    const following = bus.follow({ sources: ['node-orchestration'], last: 10, onEvent: resolve, onError: () => {} })
    stops.push(following.stop)
  })
  await expect(bus.ping()).rejects.toThrow('NATS is not there yet')
  startNats(port)
  for (let sent = false; !sent;)
    sent = await bus.publish(event).then(
      () => true,
      () => false,
    )
  expect(await heard).toEqual(event)
})
