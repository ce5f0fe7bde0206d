import type { ComponentChildren } from 'preact'
import type { Picture } from '../../src/picture/picture.ts'
import { formatMoney, formatNumber } from '../format.ts'
import { text } from '../text.ts'
import { TrendLine } from './trend-line.tsx'

const { figures: words } = text

/** What an operator reads from the other side of the room. */
export function Figures({ picture: { totals, money, trend } }: { picture: Picture }) {
  const nodesMissing = totals.nodes - totals.nodesReady
  return (
    <section class="figures" id="figures" tabIndex={-1} aria-label={words.title}>
      <div class="band">
        <dl class="hero">
          <Figure name="participants" label={words.participants} value={formatNumber(totals.participants)} />
        </dl>
        <TrendLine trend={trend} now={totals.participants} />
      </div>
      <dl class="rest">
        <Figure name="meetings" label={words.meetings} value={formatNumber(totals.meetings)} />
        <Figure name="nodes" label={words.nodes} value={formatNumber(totals.nodesReady)} alarm={nodesMissing > 0}>
          {words.of(formatNumber(totals.nodes))}
        </Figure>
        <Figure name="members" label={words.members} value={formatNumber(totals.members)} />
        <Figure name="income" label={words.income} value={formatMoney(money.monthlyMinor, money.currency)}>
          {words.contributions(totals.contributions, formatNumber(totals.contributions))}
        </Figure>
        <Figure name="recordings" label={words.recordings} value={formatNumber(totals.recordings)} />
      </dl>
    </section>
  )
}

type Props = { name: string; label: string; value: string; alarm?: boolean; children?: ComponentChildren }

function Figure({ name, label, value, alarm, children }: Props) {
  return (
    <div class={`figure ${alarm ? 'alert' : ''}`} data-figure={name}>
      <dt>{label}</dt>
      <dd>
        <span class="value">{value}</span> {children && <span class="beside">{children}</span>}
      </dd>
    </div>
  )
}
