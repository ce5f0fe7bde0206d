import { useRef, useState } from 'preact/hooks'
import type { EventLine } from '../../src/picture/event-line.ts'
import { formatFull, formatSeconds, titleOf } from '../format.ts'
import { Id } from '../parts/id.tsx'
import { text } from '../text.ts'

const { events: words } = text
const settledAfterMs = 3_000

/** The stream of events, newest first. It stands still while somebody reads it. */
export function Events({ events }: { events: readonly EventLine[] }) {
  const openedAtMs = useRef(performance.now())
  const settled = performance.now() - openedAtMs.current > settledAfterMs
  const [held, setHeld] = useState<readonly EventLine[]>()
  const shown = held ?? events
  const waiting = held ? events.filter((event) => !held.some(({ id }) => id === event.id)).length : 0
  return (
    <section class="events" aria-labelledby="events-title">
      <div class="section-head">
        <h2 id="events-title">{words.title}</h2>
        {waiting > 0 && <span class="quiet">{words.waiting(waiting)}</span>}
        <button
          class="plain-button"
          type="button"
          aria-pressed={held !== undefined}
          onClick={() => setHeld(held ? undefined : events)}
        >
          {words.pause}
        </button>
      </div>
      {shown.length === 0 && (
        <p class="quiet">
          {words.empty} <code>{words.emptyCommand}</code>
        </p>
      )}
      <ol class="scroller" tabIndex={0} aria-labelledby="events-title">
        {shown.map((event) => (
          <Line key={event.id} event={event} isNews={settled} />
        ))}
      </ol>
    </section>
  )
}

function Line({ event, isNews }: { event: EventLine; isNews: boolean }) {
  const { type, aggregateId, atMs, traceId, what } = event
  const [fresh] = useState(isNews)
  const title = titleOf(type)
  const at = formatSeconds(atMs)
  return (
    <li class={`event ${fresh ? 'fresh' : ''}`} data-type={type}>
      <time dateTime={new Date(atMs).toISOString()} title={formatFull(atMs)}>
        {at}
      </time>
      <div>
        <p class="event-title">{title}</p>
        {what && <p>{what}</p>}
        <p class="quiet event-id">
          <Id id={aggregateId} />
        </p>
      </div>
      {traceId && (
        <a href={`/traces/${traceId}`} aria-label={words.traceOf(title, at)}>
          {words.trace}
        </a>
      )}
    </li>
  )
}
