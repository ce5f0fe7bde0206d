import type { ServiceDefinition } from '@grpc/grpc-js'
import { openBus, type Bus } from '@meetcoop/bus'
import { openPeer, type Peer } from '@meetcoop/service'
import { readEndpoints, Trouble, type Endpoints } from './endpoints.ts'

/** The running system as the commands see it. */
export type Coop = {
  endpoints: Endpoints
  ask<Server>(service: string, definition: ServiceDefinition): Peer<Server>
  /** An operators' edge: POST or DELETE. Throws Trouble with the service's own words if it refuses. */
  command(method: 'POST' | 'DELETE', service: string, path: string, body?: object): Promise<unknown>
  bus(): Promise<Bus>
  close(): Promise<void>
}

const commandTimeoutMs = 15_000

/** Connects to nothing yet: each command opens what it needs. */
export function openCoop(stateDir: string): Coop {
  const endpoints = readEndpoints(stateDir)
  const closing: (() => unknown)[] = []
  const find = (service: string) => {
    const found = endpoints.services[service]
    if (!found) throw new Trouble(`${service} does not run here`)
    return found
  }
  return {
    endpoints,
    ask: <Server>(service: string, definition: ServiceDefinition) => {
      const { peer, close } = openPeer<Server>(definition, find(service).grpc)
      closing.push(close)
      return peer
    },
    command: async (method, service, path, body) => {
      const response = await fetch(`${find(service).url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${endpoints.operatorToken}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(commandTimeoutMs),
      })
      const answer = (await response.json().catch(() => ({}))) as { error?: string }
      if (!response.ok) throw new Trouble(answer.error ?? `${service} answered ${response.status}`)
      return answer
    },
    bus: async () => {
      const bus = await openBus({ url: endpoints.nats, name: 'coop' })
      closing.push(() => bus.close())
      return bus
    },
    close: async () => {
      for (const close of closing) await close()
    },
  }
}
