import type { Waterfall } from '../../src/traces/waterfall.ts'
import { formatDuration, shortStep } from '../format.ts'
import { text } from '../text.ts'

const { trace: words } = text
const indentsMax = 8
const narrowestPercent = 0.3

/** Each step as a bar where it lies in time. A step leads to its row in the table. */
export function Bars({ waterfall: { spans, durationMs, services } }: { waterfall: Waterfall }) {
  const percent = (ms: number) => (durationMs > 0 ? (ms / durationMs) * 100 : 0)
  return (
    <section aria-labelledby="waterfall-title">
      <h2 id="waterfall-title">{words.waterfall}</h2>
      <ul class="legend">
        {services.map((service) => (
          <li key={service}>
            <span class={`swatch of-${service}`} aria-hidden="true" />
            {service}
          </li>
        ))}
      </ul>
      <ol class="waterfall">
        {spans.map((span) => (
          <li key={span.spanId}>
            <a href={`#step-${span.spanId}`} class={span.failed ? 'alert' : ''}>
              <span class="step-name" style={{ paddingInlineStart: `${Math.min(span.depth, indentsMax) * 0.75}rem` }}>
                <span class="step-service">{span.service}</span> {shortStep(span.name)}
                {span.failed && ` (${words.failed})`}
              </span>
              <span class="lane" aria-hidden="true">
                <span
                  class={`span-bar of-${span.service}`}
                  style={{
                    insetInlineStart: `${Math.min(percent(span.offsetMs), 100 - narrowestPercent)}%`,
                    inlineSize: `${Math.max(percent(span.durationMs), narrowestPercent)}%`,
                  }}
                />
              </span>
              <span class="number">{formatDuration(span.durationMs)}</span>
            </a>
          </li>
        ))}
      </ol>
    </section>
  )
}
