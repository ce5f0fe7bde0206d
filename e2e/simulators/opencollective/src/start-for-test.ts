import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startOpenCollective } from './index.ts'
import type { Tier } from './index.ts'

export const tiers: Tier[] = [
  { legacyId: 41207, slug: 'micro', name: 'Micro organisation', amountMinor: 1200, currency: 'EUR', interval: 'month' },
  { legacyId: 41208, slug: 'small', name: 'Small organisation', amountMinor: 3000, currency: 'EUR', interval: 'month' },
  { legacyId: 41209, slug: 'friend', name: 'Friend', amountMinor: 6000, currency: 'EUR', interval: 'year' },
]

/** An OpenCollective on a clock that the test moves, with short ways to ask it. */
export async function startForTest(more: { requestsPerMinute?: number; stateFile?: string } = {}) {
  const clock = { atMs: Date.parse('2026-09-10T06:00:00Z'), nowMs: () => clock.atMs }
  const running = await startOpenCollective({
    port: 0,
    token: 'secret',
    collectiveSlug: 'example-coop',
    tiers,
    clock,
    ...more,
  })

  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(running.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) }
  }
  return {
    ...running,
    clock,
    read: async (path: string) => JSON.parse(await (await fetch(`${running.url}/sandbox/${path}`)).text()),
    control: (path: string, body: unknown = {}) => post(`/sandbox/${path}`, body),
    query: (query: string, variables = {}, headers: Record<string, string> = { 'personal-token': 'secret' }) =>
      post('/graphql/v2', { query, variables }, headers),
  }
}

export type Received = { headers: IncomingHttpHeaders; method: string | undefined; text: string }

/** A web server that keeps what it is sent and answers with a settable status. */
export async function receiver() {
  const received: Received[] = []
  const answer: { status: number; headers: Record<string, string> } = { status: 200, headers: {} }
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    received.push({ headers: request.headers, method: request.method, text })
    response.writeHead(answer.status, answer.headers).end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { url, received, answer, close }
}

/** Resolves once `seen` is true; fails after ten seconds. */
export async function until(seen: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpMs = Date.now() + 10_000
  while (!(await seen())) {
    if (Date.now() > giveUpMs) throw new Error(`still not so: ${seen}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
