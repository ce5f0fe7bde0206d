import type { Waterfall } from '../../src/traces/waterfall.ts'
import { formatDuration } from '../format.ts'
import { text } from '../text.ts'

const { trace: words } = text

/** The same steps as a table, with what each says about itself. */
export function Steps({ waterfall: { spans } }: { waterfall: Waterfall }) {
  return (
    <section aria-labelledby="steps-title">
      <h2 id="steps-title">{words.steps}</h2>
      <div class="scroller" tabIndex={0} role="group" aria-labelledby="steps-title">
        <table class="steps">
          <thead>
            <tr>
              <th scope="col">{words.step}</th>
              <th scope="col">{words.service}</th>
              <th scope="col" class="number">
                {words.starts}
              </th>
              <th scope="col" class="number">
                {words.takes}
              </th>
              <th scope="col">{words.details}</th>
            </tr>
          </thead>
          <tbody>
            {spans.map((span) => (
              <tr key={span.spanId} id={`step-${span.spanId}`} tabIndex={-1}>
                <th scope="row">
                  {span.name}
                  {span.failed && <span class="alert"> {words.failed}</span>}
                </th>
                <td>{span.service}</td>
                <td class="number">{formatDuration(span.offsetMs)}</td>
                <td class="number">{formatDuration(span.durationMs)}</td>
                <td class="details">
                  {Object.entries(span.attributes).map(([key, value]) => (
                    <span key={key}>
                      <span class="quiet">{key}</span> {value}
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
