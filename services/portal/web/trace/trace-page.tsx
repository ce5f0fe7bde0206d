import { useEffect } from 'preact/hooks'
import type { Waterfall } from '../../src/traces/waterfall.ts'
import { formatDuration, formatFull } from '../format.ts'
import mark from '../mark.svg'
import { Id } from '../parts/id.tsx'
import { text } from '../text.ts'
import { Bars } from './bars.tsx'
import { Steps } from './steps.tsx'
import { useTrace } from './use-trace.ts'

const { trace: words } = text

export function TracePage({ traceId }: { traceId: string }) {
  const { trace, again } = useTrace(traceId)
  useEffect(() => {
    document.title = `${words.title} ${traceId.slice(0, 8)}`
  }, [traceId])
  return (
    <>
      <header class="trace-bar">
        <a href="/">
          <img src={mark} alt="" />
          {words.back}
        </a>
      </header>
      <main>
        <div class="trace-head">
          <h1>
            {words.title} <Id id={traceId} />
          </h1>
          <button class="plain-button" type="button" onClick={again}>
            {words.again}
          </button>
        </div>
        <div role="status">
          {trace.state === 'waiting' && <p class="quiet">{words.waiting}</p>}
          {trace.state === 'absent' && <p>{words.notKept}</p>}
          {trace.state === 'here' && <Summary waterfall={trace.waterfall} />}
        </div>
        {trace.state === 'here' && (
          <>
            <Bars waterfall={trace.waterfall} />
            <Steps waterfall={trace.waterfall} />
          </>
        )}
      </main>
    </>
  )
}

function Summary({ waterfall: { spans, services, durationMs, startedAtMs } }: { waterfall: Waterfall }) {
  return (
    <p>
      {words.summary(spans.length, services.length, formatDuration(durationMs))},{' '}
      <time dateTime={new Date(startedAtMs).toISOString()}>{formatFull(startedAtMs)}</time>
    </p>
  )
}
