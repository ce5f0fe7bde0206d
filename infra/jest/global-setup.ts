import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startServers } from '../launcher/src/servers.ts'
import { sparePorts } from './spare-ports.ts'

/** Real NATS and Redis for the whole run, on spare ports in a temporary folder: TEST_NATS_URL and TEST_REDIS_URL. */
export default async function globalSetup(): Promise<void> {
  const stateDir = await mkdtemp(path.join(tmpdir(), 'coop-test-'))
  const [nats = 0, redis = 0] = await sparePorts(2)
  const { TEST_NATS_URL: NATS_URL, TEST_REDIS_URL: REDIS_URL } = process.env
  const servers = await startServers({ stateDir, ports: { nats, redis }, env: { NATS_URL, REDIS_URL } })
  process.env.TEST_NATS_URL = servers.natsUrl
  process.env.TEST_REDIS_URL = servers.redisUrl
  globalThis.stopTestServers = async () => {
    await servers.stop()
    await rm(stateDir, { recursive: true, force: true })
  }
}

declare global {
  var stopTestServers: (() => Promise<void>) | undefined
}
