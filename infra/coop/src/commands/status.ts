import type { Command } from 'commander'
import type { Run } from '../main.ts'
import { bytes, printRows, write } from '../output.ts'

const askWithinMs = 3_000

async function ask(url: string, path: string): Promise<{ ok: boolean; text: string }> {
  try {
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(askWithinMs) })
    return { ok: response.ok, text: await response.text() }
  } catch (error) {
    return { ok: false, text: JSON.stringify({ why: (error as Error).message }) }
  }
}

const memoryOf = (metrics: string) => Number(/^process_proportional_memory_bytes (\S+)/m.exec(metrics)?.[1] ?? 0)

async function look(service: string, url: string) {
  const [ready, metrics] = await Promise.all([ask(url, '/readyz'), ask(url, '/metrics')])
  const why = ready.ok ? '' : ((JSON.parse(ready.text || '{}') as { why?: string }).why ?? 'not ready')
  return { service, state: ready.ok ? 'ready' : 'not ready', memoryBytes: memoryOf(metrics.text), url, why }
}

export function status(program: Command, run: Run): void {
  program
    .command('status')
    .description('how every service is, and the memory of all together; exits 1 if one is not ready')
    .action(
      run(async ({ coop, json }) => {
        const { services, store } = coop.endpoints
        const looks = await Promise.all(Object.entries(services).map(([name, { url }]) => look(name, url)))
        const memoryBytes = looks.reduce((sum, each) => sum + each.memoryBytes, 0)
        if (looks.some((each) => each.state !== 'ready')) process.exitCode = 1
        if (json) return write(JSON.stringify({ store, memoryBytes, services: looks }, null, 2))
        const rows = looks.map(({ memoryBytes, ...each }) => ({
          service: each.service,
          state: each.state,
          memory: bytes(memoryBytes),
          url: each.url,
          why: each.why,
        }))
        printRows(rows, { json, empty: 'No service runs.' })
        write(`\n${bytes(memoryBytes)} of memory for all services together; store: ${store}`)
      }),
    )
}
