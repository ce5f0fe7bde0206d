import { factFromJson, sourceOf, sources, type Envelope, type Source } from '@meetcoop/contracts'
import type { House } from '@meetcoop/service'
import { lineOf } from '../picture/event-line.ts'
import { drawPicture, nothingKnown, participantsOf, type Known, type Picture } from '../picture/picture.ts'
import { noTrend, sampled, sampleEveryMs } from '../picture/trend.ts'
import { keepKnown } from './listings.ts'
import { keepRecentEvents, recentMax } from './recent-events.ts'
import { frameOf, openWatchers, type Watchers } from './watchers.ts'

const publishEveryMs = 500
const heartbeatEveryMs = 10_000

/** What the dashboard shows, as it happens. */
export type Live = {
  known: Known
  watchers: Watchers
  picture(): Picture
  /** What a new watcher gets first: the picture, and the last events from the oldest on. */
  first(): readonly string[]
  /** Somebody begins to watch: looks at once at what moves fast. */
  look(): void
  stop(): Promise<void>
}

export function openLive(house: House): Live {
  const known = { ...nothingKnown }
  const watchers = openWatchers()
  const recent = keepRecentEvents()
  const nudges = keepKnown(house, known, () => watchers.count() > 0)
  const trend = keepTrend(house, known)
  const picture = () => drawPicture(known, house.coop, trend(), house.clock.nowMs())

  const onEvent = (event: Envelope) => {
    for (const listing of nudges[sourceOf(event.type)] ?? []) listing.nudge()
    const line = lineOf(event, factFromJson(event.type, event.data), { tier: (id) => tierName(house, id) })
    if (recent.add(line)) watchers.send(frameOf('event', line, line.id))
  }
  const onError = (error: unknown) => house.log.warn({ error: (error as Error).message }, 'cannot follow the events')
  const following = house.bus.follow({ sources: Object.keys(sources) as Source[], last: recentMax, onEvent, onError })

  publishChanges(house, watchers, picture)
  house.loop({ everyMs: heartbeatEveryMs, run: async () => watchers.heartbeat() })
  return {
    known,
    watchers,
    picture,
    first: () => [frameOf('picture', picture()), ...recent.all().map((line) => frameOf('event', line, line.id))],
    look: () => nudges.watched.forEach((listing) => listing.nudge()),
    stop: async () => {
      watchers.close()
      await following.stop()
    },
  }
}

const tierName = ({ coop }: House, id: string) => coop.tiers.find((tier) => tier.id === id)?.name ?? id

function keepTrend(house: House, known: Known) {
  let trend = noTrend
  let sampledAtMs = -Infinity
  const run = async () => {
    // Before the nodes are known there is nothing to sample: a zero would be a lie.
    if (known.nodes.length === 0 || performance.now() - sampledAtMs < sampleEveryMs) return
    sampledAtMs = performance.now()
    trend = sampled(trend, Date.now(), { participants: participantsOf(known), meetings: known.placements.length })
  }
  house.loop({ everyMs: 1_000, run })
  return () => trend
}

/** Sends the picture when it changed, at most twice a second. Time that merely passes is no change; a jump is. */
function publishChanges({ loop, clock }: House, watchers: Watchers, picture: () => Picture): void {
  let sent = ''
  const run = async () => {
    if (watchers.count() === 0) return
    const now = picture()
    const offsetSeconds = Math.round((clock.nowMs() - Date.now()) / 1_000)
    const content = JSON.stringify({ ...now, atMs: offsetSeconds })
    if (content === sent) return
    sent = content
    watchers.send(frameOf('picture', now))
  }
  loop({ everyMs: publishEveryMs, run })
}
