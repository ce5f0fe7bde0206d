import { parseArgs } from 'node:util'
import { measureHops } from './bare-hops.ts'
import { provide } from '../../infra/launcher/src/find-program.ts'
import { startConstellation } from '../constellation.ts'
import { benchJoin } from './join.ts'
import { benchWebhookToRights } from './webhook-to-rights.ts'

const usage = `npm run bench [-- --json] [-- --seconds N]

Starts a system of its own and measures it against bare servers on the same machine in the same run.
  --seconds N  length of each load (default 8)
  --json       figures for machines
`
const portBase = 27_000
const webhooksPerSecond = 50

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '8' },
    help: { type: 'boolean', default: false },
  },
})
const write = (text: string) => void process.stdout.write(`${text}\n`)
const progress = (text: string) => void process.stderr.write(`${text}\n`)

if (values.help) write(usage)
else await bench(Number(values.seconds))

async function bench(seconds: number): Promise<void> {
  await provide([{ program: 'wrk', debianPackage: 'wrk', instead: 'bring any wrk on PATH' }], progress)
  progress('starting a system of its own …')
  // OpenCollective's limit would be all that is measured; the rest of the rules stays.
  const loosen = (yaml: string) => yaml.replace(/requestsPerMinute: \d+/, 'requestsPerMinute: 10000')
  const constellation = await startConstellation(portBase, loosen)
  try {
    const { endpoints, opencollectiveToken } = constellation
    progress('join through the gateway, against a bare node:http server …')
    const join = await benchJoin(endpoints, seconds)
    progress('each hop from webhook to rights alone …')
    const hops = await measureHops(endpoints, opencollectiveToken)
    progress(`${webhooksPerSecond} webhooks/s …`)
    const rights = await benchWebhookToRights(endpoints, seconds * 2, webhooksPerSecond)
    const beyondMs = rights.p99Ms - hops.graphqlMs
    if (values.json) return write(JSON.stringify({ join, hops, rights, beyondMs }, null, 2))
    write(
      `join: gateway ${join.gateway.perSecond.toFixed(0)}/s (p99 ${join.gateway.p99Ms.toFixed(1)} ms, ${join.gateway.failed} failed)`,
    )
    write(`      bare    ${join.bare.perSecond.toFixed(0)}/s (p99 ${join.bare.p99Ms.toFixed(1)} ms)`)
    write(`      ratio   ${join.ratio.toFixed(2)}  (aim ≥ 0.5)`)
    write(`webhook to rights at ${rights.webhooksPerSecond} webhooks/s, ${rights.n} contributions:`)
    write(
      `      p50 ${rights.p50Ms.toFixed(0)} ms, p99 ${rights.p99Ms.toFixed(0)} ms; p99 beyond the GraphQL call ${beyondMs.toFixed(0)} ms  (aim < 250)`,
    )
    write(
      `      bare hops: http ${hops.httpMs.toFixed(2)}, write ${hops.writeMs.toFixed(2)} ×3, job ${hops.jobMs.toFixed(2)}, bus ${hops.busMs.toFixed(2)} ×2, GraphQL ${hops.graphqlMs.toFixed(2)} ms; sum ${hops.sumMs.toFixed(1)} ms`,
    )
    write(`      p50 against the sum of the bare hops: ×${(rights.p50Ms / hops.sumMs).toFixed(1)}`)
  } finally {
    await constellation.remove()
  }
}
