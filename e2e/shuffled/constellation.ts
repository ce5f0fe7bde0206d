import type { Envelope } from '@meetcoop/contracts'
import { openTestService, type TestService } from '@meetcoop/service/testing'
import { membership, recordingStorage, roomScheduling } from './services.ts'

export type Peers = { billing: object; 'node-orchestration': object }
/** The folders of services that were closed and kept, by name. */
export type Folders = Record<string, string>
export type Shuffle = <T>(things: T[]) => T[]

const definitions = [membership, roomScheduling, recordingStorage]
const roundsMax = 50

/** The services that listen to others, in one process; the test carries every event from one to the next. */
export async function openConstellation(peers: Peers, nowMs: number, from: Folders = {}) {
  const services = new Map<string, TestService>()
  const told = new Map<string, number>()
  for (const definition of definitions) {
    const credentials = { getCredentials: async () => ({ credentials: [] }) }
    const urls = {
      'bbb-gateway': 'http://127.0.0.1:9',
      'recording-storage': 'http://127.0.0.1:9',
      'room-scheduling': 'http://127.0.0.1:9',
    }
    const service = await openTestService(definition, {
      peers: { ...peers, membership: credentials },
      settings: { URLS: urls },
      nowMs,
      stateFrom: from[definition.name],
    })
    services.set(definition.name, service)
    told.set(definition.name, (await service.written()).length)
  }

  const news = async (): Promise<Envelope[]> => {
    const events: Envelope[] = []
    for (const [name, service] of services) {
      const written = await service.written()
      events.push(...written.slice(told.get(name)))
      told.set(name, written.length)
    }
    return events
  }
  const rest = async (shuffle: Shuffle): Promise<void> => {
    for (const service of shuffle([...services.values()])) {
      await service.runLoops()
      await service.runJobs()
    }
  }

  return {
    service: (name: string) => {
      const service = services.get(name)
      if (!service) throw new Error(`no ${name} here`)
      return service
    },
    /** Delivers the events and all that follow from them, each `times` times, in the order that `shuffle` makes. */
    carry: async (events: Envelope[], times: number, shuffle: Shuffle): Promise<Envelope[]> => {
      const carried: Envelope[] = []
      const repeat = (list: Envelope[]) => list.flatMap((event) => Array.from({ length: times }, () => event))
      let waiting = shuffle(repeat(events))
      for (let round = 0; round < roundsMax; round++) {
        for (const event of waiting) {
          carried.push(event)
          for (const service of shuffle([...services.values()])) {
            const outcome = await service.deliver(event)
            if (outcome && outcome.kind !== 'done') throw new Error(`${event.type}: ${JSON.stringify(outcome)}`)
          }
        }
        await rest(shuffle)
        waiting = shuffle(repeat(await news()))
        if (waiting.length === 0) return carried
      }
      throw new Error(`events still follow from events after ${roundsMax} rounds`)
    },
    dump: () => Object.fromEntries([...services].map(([name, service]) => [name, service.dump()])),
    /** Closes; the folders stay, for others to begin with. */
    keep: async (): Promise<Folders> => {
      for (const service of services.values()) await service.close({ keep: true })
      return Object.fromEntries([...services].map(([name, service]) => [name, service.folder]))
    },
    close: async () => {
      for (const service of services.values()) await service.close()
    },
  }
}

export type Constellation = Awaited<ReturnType<typeof openConstellation>>
