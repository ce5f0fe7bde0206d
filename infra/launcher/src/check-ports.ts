import { createServer } from 'node:net'
import { portOwner } from './port-owner.ts'
import { defaultPortBase, type Ports } from './ports.ts'
import { StartFailure } from './start-failure.ts'

/** Port and what it is for, of everything that this launcher will start. */
export function neededPorts(
  ports: Ports,
  ours: { sandbox: boolean; nats: boolean; redis: boolean },
): [number, string][] {
  const byName = (numbered: Record<string, number>, suffix: string) =>
    Object.entries(numbered).map(([name, port]): [number, string] => [port, name + suffix])
  const needed = [...byName(ports.http, ''), ...byName(ports.grpc, ' gRPC')]
  if (ours.sandbox) {
    needed.push([ports.opencollective, 'simulated OpenCollective'])
    ports.nodes.forEach((port, i) => needed.push([port, `simulated BBB node ${i + 1}`]))
  }
  if (ours.nats) needed.push([ports.nats, 'NATS'])
  if (ours.redis) needed.push([ports.redis, 'Redis'])
  return needed
}

/** @throws StartFailure naming the first port that cannot be had, who has it, and what to do. */
export async function checkPorts(needed: [number, string][], portBase: number): Promise<void> {
  const refusals = await Promise.all(needed.map(async ([port, use]) => ({ port, use, code: await tryPort(port) })))
  const refused = refusals.filter(({ code }) => code !== undefined)
  const [first] = refused
  if (!first) return
  const others = refused.length > 1 ? ` (and ${refused.length - 1} more)` : ''
  // Systems hand out ports from 32768 on to whoever connects: below that, what is free stays free.
  const other = portBase < 15_000 ? portBase + 10_000 : defaultPortBase
  const elsewhere = `npm start -- --port-base ${other}`
  if (first.code === 'EACCES')
    throw new StartFailure(`port ${first.port} (${first.use}) needs root. Take ports from 1024 on: ${elsewhere}`)
  const owner = portOwner(first.port) ?? 'another program'
  throw new StartFailure(
    `port ${first.port} (${first.use})${others} is taken by ${owner}. Stop that, or take other ports: ${elsewhere}`,
  )
}

function tryPort(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)))
  })
}
