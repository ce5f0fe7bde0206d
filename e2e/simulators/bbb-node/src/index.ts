import { clearInterval, setInterval } from 'node:timers'
import fastify from 'fastify'
import { bbbApi } from './api.ts'
import { html5Client } from './html5-client.ts'
import { applyMoods } from './moods.ts'
import { createNode } from './node.ts'
import { playback } from './playback.ts'
import { sandbox } from './sandbox.ts'

export type BbbNodeOptions = {
  /** 0 takes a free one. */
  port: number
  host?: string
  secret: string
  nodeName: string
  /** Where browsers and servers find this node, if not at the address it listens on; no slash at the end. */
  publicUrl?: string
  /** The node's own time, in milliseconds since 1970. Recordings are processed in real time all the same. */
  clock: { nowMs(): number }
  tickMs?: number
  /** Where recordings outlive a restart. */
  stateDir?: string | undefined
  /** Hears of callbacks that failed. */
  warn?: (what: string) => void
}

export type RunningBbbNode = { url: string; apiUrl: string; close(): Promise<void> }

/** Starts a BigBlueButton node that is all protocol and no media. Throws where it cannot listen. */
export const startBbbNode = async (options: BbbNodeOptions): Promise<RunningBbbNode> => {
  const { port, host = '127.0.0.1', secret, nodeName, publicUrl, clock, tickMs = 250, stateDir, warn } = options
  if (secret === '') throw new Error('a node without a secret would let anybody in')
  const node = createNode({ secret, nodeName, nowMs: () => clock.nowMs(), stateDir, warn: warn ?? (() => undefined) })
  const closing = new AbortController()
  const app = fastify({ forceCloseConnections: true, bodyLimit: 65_536, routerOptions: { maxParamLength: 600 } })
  app.addHook('onRequest', async (request, reply) => {
    if (!node.isCrashed() || request.url.startsWith('/sandbox/')) return
    request.raw.socket.destroy()
    return reply.hijack()
  })
  await app.register(async (scope) => {
    applyMoods(scope, node, closing.signal)
    bbbApi(scope, node)
  })
  await app.register(async (scope) => html5Client(scope, node))
  await app.register(async (scope) => playback(scope, node))
  await app.register(async (scope) => sandbox(scope, node))

  const url = await app.listen({ port, host })
  node.publicUrl = publicUrl ?? url
  const ticking = setInterval(() => node.tick(), tickMs)
  return {
    url,
    apiUrl: `${url}/bigbluebutton/api/`,
    async close() {
      clearInterval(ticking)
      closing.abort()
      node.close()
      await app.close()
    },
  }
}
