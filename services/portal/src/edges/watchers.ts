import type { ServerResponse } from 'node:http'

/** Everybody who has the dashboard open: one server-sent-events response each. */
export type Watchers = {
  /** False if there are too many. `mayStay` is asked at every heartbeat. */
  add(response: ServerResponse, mayStay: () => boolean, first: readonly string[]): boolean
  send(frame: string): void
  heartbeat(): void
  count(): number
  close(): void
}

export const watchersMax = 100
const unreadBytesMax = 1_000_000
const reconnectAfterMs = 2_000

/** A frame of the stream. `id` lets a browser say what it saw last. */
export const frameOf = (event: string, data: unknown, id?: string): string =>
  `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`

export function openWatchers(): Watchers {
  const watchers = new Map<ServerResponse, () => boolean>()
  const write = (response: ServerResponse, frame: string) => {
    // Who does not read would make us keep everything for them; a browser that is only slow comes back by itself.
    if (response.writableLength > unreadBytesMax) response.destroy()
    else response.write(frame)
  }
  return {
    add: (response, mayStay, first) => {
      if (watchers.size >= watchersMax) return false
      watchers.set(response, mayStay)
      response.on('close', () => watchers.delete(response))
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'close' })
      response.write(`retry: ${reconnectAfterMs}\n\n`)
      for (const frame of first) write(response, frame)
      return true
    },
    send: (frame) => {
      for (const response of watchers.keys()) write(response, frame)
    },
    heartbeat: () => {
      for (const [response, mayStay] of watchers) {
        if (mayStay()) write(response, ': still here\n\n')
        else response.end()
      }
    },
    count: () => watchers.size,
    close: () => {
      for (const response of watchers.keys()) response.end()
    },
  }
}
