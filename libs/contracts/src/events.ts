import * as billing from '../gen/billing/v1/events.ts'
import * as membership from '../gen/membership/v1/events.ts'
import * as nodeOrchestration from '../gen/node_orchestration/v1/events.ts'
import * as recordingStorage from '../gen/recording_storage/v1/events.ts'
import * as roomScheduling from '../gen/room_scheduling/v1/events.ts'

type Codec<T> = { fromJSON(json: unknown): T; toJSON(message: T): unknown }

/** The services that publish events. Each has a proto package and a stream of its own. */
export const sources = {
  billing: { package: 'billing.v1', events: billing },
  membership: { package: 'membership.v1', events: membership },
  'node-orchestration': { package: 'node_orchestration.v1', events: nodeOrchestration },
  'recording-storage': { package: 'recording_storage.v1', events: recordingStorage },
  'room-scheduling': { package: 'room_scheduling.v1', events: roomScheduling },
} as const

export type Source = keyof typeof sources

type Messages<M> = { [K in keyof M]: M[K] extends Codec<infer T> ? T : never }

/** The payload of every event, by the event's name. Names are unique over all services. */
export type EventData = Messages<typeof billing> &
  Messages<typeof membership> &
  Messages<typeof nodeOrchestration> &
  Messages<typeof recordingStorage> &
  Messages<typeof roomScheduling>

export type EventName = keyof EventData

/** A past-tense fact: what decide returns, what evolve folds, what goes over the wire. */
export type Fact<N extends EventName = EventName> = { [K in N]: { type: K; data: EventData[K] } }[N]

type Registered = { source: Source; fullName: string; subject: string; codec: Codec<never> }

const snakeCase = (name: string) => name.replace(/(?<!^)[A-Z]/g, '_$&').toLowerCase()

const registry = new Map<string, Registered>()
for (const [source, { package: pkg, events }] of Object.entries(sources)) {
  for (const [name, codec] of Object.entries(events)) {
    if (registry.has(name)) throw new Error(`two services publish an event named ${name}`)
    const fullName = `${pkg}.${name}`
    registry.set(name, {
      source: source as Source,
      fullName,
      subject: `${pkg}.${snakeCase(name)}`,
      codec: codec as Codec<never>,
    })
  }
}

function registered(type: string): Registered {
  const found = registry.get(type)
  if (!found) throw new UnknownEvent(type)
  return found
}

/** An event whose type no proto file here describes: newer than this program, or not ours. */
export class UnknownEvent extends Error {
  constructor(type: string) {
    super(`no proto message describes the event ${type}`)
    this.name = 'UnknownEvent'
  }
}

/** The proto full name, e.g. `billing.v1.ContributionLapsed`. */
export const fullNameOf = (type: EventName): string => registered(type).fullName

/** The service that publishes the event. */
export const sourceOf = (type: EventName): Source => registered(type).source

/** The event's name from its proto full name. Throws UnknownEvent. */
export function eventNameOf(fullName: string): EventName {
  const type = fullName.slice(fullName.lastIndexOf('.') + 1)
  if (registered(type).fullName !== fullName) throw new UnknownEvent(fullName)
  return type as EventName
}

/** `billing.v1.contribution_lapsed.<key>`. The key is an aggregate's id and must be one subject token. */
export function subjectOf(type: EventName, key: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(key)) throw new Error(`not one subject token: ${key}`)
  return `${registered(type).subject}.${key}`
}

/** The fact as proto3 JSON. */
export const factToJson = (fact: Fact): unknown => registered(fact.type).codec.toJSON(fact.data as never)

/** The fact from proto3 JSON. Throws UnknownEvent for an unknown type, TypeError for a number that is none. */
export function factFromJson(type: EventName, json: unknown): Fact {
  if (typeof json !== 'object' || json === null) throw new TypeError(`${type}: the payload is not an object`)
  const data = registered(type).codec.fromJSON(json)
  refuseNaN(type, data)
  return { type, data } as Fact
}

function refuseNaN(where: string, value: unknown): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${where} is not a number`)
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) refuseNaN(`${where}.${key}`, inner)
}
