import type { Envelope, EventData, Fact } from '@meetcoop/contracts'

/** An event as the dashboard tells it. */
export type EventLine = {
  type: Envelope['type']
  id: string
  aggregateId: string
  /** Business time. */
  atMs: number
  /** Empty if the event was written outside any trace. */
  traceId: string
  /** What happened in a few words, without personal data. */
  what: string
}

type Names = { tier(tierId: string): string }

/** The line for an event and its decoded payload. */
export const lineOf = (event: Envelope, fact: Fact, names: Names): EventLine => ({
  type: event.type,
  id: event.id,
  aggregateId: event.aggregateId,
  atMs: event.occurredAtMs,
  traceId: event.traceparent.split('-')[1] ?? '',
  what: describe(fact, names),
})

/** By what the payload holds, not by its name: a new event of a known kind needs nothing here. */
function describe({ data }: Fact, names: Names): string {
  if ('contribution' in data) return data.contribution ? describeContribution(data.contribution, names) : ''
  if ('placement' in data) return data.placement ? describePlacement(data.placement) : ''
  if ('recording' in data) return data.recording ? describeRecording(data.recording) : ''
  if ('neededBytes' in data) return `${megabytes(data.neededBytes)} needed, ${megabytes(data.leftBytes)} left`
  if ('tierId' in data) return names.tier(data.tierId)
  if ('beyondTier' in data) return `${data.beyondTier} beyond the tier`
  if ('region' in data) return `in ${data.region}`
  if ('secretGeneration' in data) return `secret ${data.secretGeneration}`
  return ''
}

type Given = NonNullable<EventData['ContributionStarted']['contribution']>
type Placed = NonNullable<EventData['MeetingPlaced']['placement']>
type Recorded = NonNullable<EventData['RecordingStored']['recording']>

const every: Partial<Record<Given['frequency'], string>> = { MONTHLY: ' a month', YEARLY: ' a year' }

function describeContribution({ amountMinor, currency, frequency, tierId }: Given, names: Names): string {
  const money = new Intl.NumberFormat('en', { style: 'currency', currency: currency || 'EUR' })
  const digits = money.resolvedOptions().maximumFractionDigits ?? 2
  return `${money.format(amountMinor / 10 ** digits)}${every[frequency] ?? ''}, ${names.tier(tierId)}`
}

function describePlacement({ nodeId, recorded, participantsPeak, participantMinutes }: Placed): string {
  const minutes = participantMinutes > 0 && `${Math.round(participantMinutes)} participant minutes`
  const peak = participantsPeak > 0 && `${participantsPeak} at most`
  return [`on ${nodeId}`, recorded && 'recorded', peak, minutes].filter(Boolean).join(', ')
}

function describeRecording({ spaceBytes, locked, status }: Recorded): string {
  return [status.toLowerCase(), locked && 'locked', spaceBytes > 0 && megabytes(spaceBytes)].filter(Boolean).join(', ')
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`
