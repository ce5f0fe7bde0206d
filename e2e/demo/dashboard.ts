/** The dashboard's live stream, as an operator's browser has it. */
export type Dashboard = {
  /** How many messages came without asking again. */
  messages(): number
  /** The types of events shown so far. */
  shown(): ReadonlySet<string>
  /** The last whole picture. */
  picture(): Record<string, unknown> | undefined
  close(): Promise<void>
}

/** Opens the portal's server-sent events with the operators' token. Throws if the portal refuses. */
export async function openDashboard(portal: string, operatorToken: string): Promise<Dashboard> {
  const stop = new AbortController()
  const response = await fetch(`${portal}/api/live`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${operatorToken}` },
    signal: stop.signal,
  })
  const { body } = response
  if (!response.ok || !body) throw new Error(`the dashboard answered ${response.status}`)
  const shown = new Set<string>()
  let messages = 0
  let picture: Record<string, unknown> | undefined
  const reading = (async () => {
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
  })().catch((error: Error) => {
    if (!stop.signal.aborted) process.stderr.write(`the dashboard's stream broke: ${error.message}\n`)
  })
  return {
    messages: () => messages,
    shown: () => shown,
    picture: () => picture,
    close: async () => {
      stop.abort()
      await reading
    },
  }
}
