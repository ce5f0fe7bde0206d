import { setTimeout as wait } from 'node:timers/promises'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createBbbClient, signedUrl } from '@meetcoop/bbb'
import type { CallParams, ChecksumAlgorithm } from '@meetcoop/bbb'
import { startBbbNode } from './index.ts'

export const secret = 'the secret of the node under test'

/** Waits for a condition, at most 5 s. */
export const until = async <T>(what: string, look: () => T | undefined | false | Promise<T | undefined | false>) => {
  for (let tries = 0; tries < 250; tries += 1) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    await wait(20)
  }
  throw new Error(`waited 5 s in vain: ${what}`)
}

/** A node on a free port whose time is in the test's hands, a client of it, and its sandbox. */
export const nodeUnderTest = async (options: { stateDir?: string } = {}) => {
  const startMs = Date.UTC(2026, 0, 5, 9)
  let nowMs = startMs
  const warnings: string[] = []
  const node = await startBbbNode({
    port: 0,
    secret,
    nodeName: 'north',
    clock: { nowMs: () => nowMs },
    tickMs: 10,
    warn: (what) => warnings.push(what),
    ...options,
  })
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${node.url}/sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) }
  }
  await control('POST', 'behaviour', { recordingDelayMs: 0 })
  return {
    ...node,
    warnings,
    control,
    client: createBbbClient({ apiUrl: node.apiUrl, secret, timeoutMs: 2000 }),
    signed: (callName: string, params: CallParams, algorithm?: ChecksumAlgorithm) =>
      signedUrl(node.apiUrl, callName, params, secret, algorithm),
    pass: (minutes: number) => {
      nowMs += minutes * 60_000
    },
    startMs,
  }
}

export type NodeUnderTest = Awaited<ReturnType<typeof nodeUnderTest>>

/** A server for callbacks on a free port. */
export const listener = async (answer: RequestListener) => {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}
