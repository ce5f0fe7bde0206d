import type { Picture } from '../../src/picture/picture.ts'
import { formatNumber } from '../format.ts'
import { text } from '../text.ts'

const { health: words } = text

export function Health({ picture: { health, deadLetters } }: { picture: Picture }) {
  return (
    <section class="health" aria-labelledby="health-title">
      <h2 id="health-title">{words.title}</h2>
      <ul>
        {health.map(({ service, ready }) => (
          <li key={service} class={ready ? '' : 'alert'} data-service={service}>
            <span class={`dot ${ready ? 'full' : ''}`} aria-hidden="true" />
            {service} <span class={ready ? 'hidden-but-read' : ''}>{ready ? words.ready : words.away}</span>
          </li>
        ))}
      </ul>
      {deadLetters > 0 && (
        <p class="alert">
          {words.deadLetters(deadLetters, formatNumber(deadLetters))} <code>{words.deadLettersCommand}</code>
        </p>
      )}
    </section>
  )
}
