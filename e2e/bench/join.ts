import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import library from 'bigbluebutton-js'
import type { Endpoints } from '../constellation.ts'
import { median } from './figures.ts'
import { load, type Load } from './wrk.ts'

const connections = 32
const rounds = 3

export type JoinFigures = { bare: Load; gateway: Load; ratio: number }

/** Join through the gateway against a bare server, in turns within one run: the ratio outlives a noisy machine. */
export async function benchJoin(endpoints: Endpoints, seconds: number): Promise<JoinFigures> {
  const [tenant] = endpoints.bbb.tenants
  if (!tenant) throw new Error('the sandbox has no host account')
  const api = library.api(tenant.url.replace(/\/api\/$/, ''), tenant.secret)
  const created = await library.http(
    api.administration.create('Bench', 'bench', { attendeePW: 'listen', moderatorPW: 'moderate' }),
  )
  if (created.returncode !== 'SUCCESS') throw new Error(`create answered ${String(created.messageKey)}`)
  const joinUrl = api.administration.join('Benchmark Person', 'bench', 'listen')

  const child = fork(join(import.meta.dirname, 'bare-server.ts'))
  const [address] = (await once(child, 'message')) as [{ port: number }]
  const bareUrl = `http://127.0.0.1:${address.port}/${new URL(joinUrl).search}`
  const bare: Load[] = []
  const gateway: Load[] = []
  for (let round = 0; round < rounds; round++) {
    bare.push(await load(bareUrl, { seconds, connections }))
    gateway.push(await load(joinUrl, { seconds, connections }))
  }
  child.disconnect()
  await library.http(api.administration.end('bench', 'moderate'))
  const figures = { bare: middle(bare), gateway: middle(gateway) }
  return { ...figures, ratio: figures.gateway.perSecond / figures.bare.perSecond }
}

const middle = (loads: Load[]): Load => ({
  perSecond: median(loads.map((each) => each.perSecond)),
  p99Ms: median(loads.map((each) => each.p99Ms)),
  failed: loads.reduce((sum, each) => sum + each.failed, 0),
})
