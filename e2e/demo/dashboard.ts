import { setTimeout as pause } from 'node:timers/promises'

/** The dashboard's live stream, as an operator's browser has it. */
export type Dashboard = {
  /** How many messages came without asking again. */
  messages(): number
  /** 1, unless the portal was away in between. */
  connections(): number
  /** The types of events shown so far. */
  shown(): ReadonlySet<string>
  /** The last whole picture. */
  picture(): Record<string, unknown> | undefined
  close(): Promise<void>
}

const reconnectMs = 500

/**
 * Opens the portal's server-sent events with the operators' token, and again whenever they break, as a browser does.
 * Throws if the portal refuses at first.
 */
export async function openDashboard(portal: string, operatorToken: string): Promise<Dashboard> {
  const stop = new AbortController()
  const shown = new Set<string>()
  let messages = 0
  let connections = 0
  let picture: Record<string, unknown> | undefined
  const connect = async () => {
    const headers = { accept: 'text/event-stream', authorization: `Bearer ${operatorToken}` }
    const { ok, status, body } = await fetch(`${portal}/api/live`, { headers, signal: stop.signal })
    if (!ok || !body) throw new Error(`the dashboard answered ${status}`)
    connections++
    return body
  }
  const read = async (body: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    let rest = ''
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + chunk).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const data = /^data: (.*)$/m.exec(part)?.[1]
        if (!data) continue
        messages++
        const message = JSON.parse(data) as Record<string, unknown>
        if (/^event: event$/m.test(part)) shown.add(String(message.type))
        else picture = message
      }
    }
  }
  let stream: Awaited<ReturnType<typeof connect>> | undefined = await connect()
  const reading = (async () => {
    while (!stop.signal.aborted) {
      try {
        await read(stream ?? (await connect()))
      } catch {
        // The portal is away for a moment; what it has to show it sends again.
      }
      stream = undefined
      if (!stop.signal.aborted) await pause(reconnectMs)
    }
  })()
  return {
    messages: () => messages,
    connections: () => connections,
    shown: () => shown,
    picture: () => picture,
    close: async () => {
      stop.abort()
      await reading
    },
  }
}
