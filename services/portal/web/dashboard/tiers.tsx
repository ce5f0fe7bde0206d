import type { Picture } from '../../src/picture/picture.ts'
import { formatMoney, formatNumber } from '../format.ts'
import { text } from '../text.ts'

const { tiers: words } = text

/** Who belongs and what comes in, tier by tier. */
export function Tiers({ picture: { membersByTier, money, totals } }: { picture: Picture }) {
  const most = Math.max(1, ...membersByTier.map((tier) => tier.count))
  const incomeOf = (tierId: string) => money.byTier.find((each) => each.tierId === tierId)?.monthlyMinor ?? 0
  return (
    <section class="tiers" aria-labelledby="tiers-title">
      <h2 id="tiers-title">{words.title}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.tier}</th>
            <th scope="col" class="number">
              {words.members}
            </th>
            <th scope="col" class="number">
              {words.income}
            </th>
          </tr>
        </thead>
        <tbody>
          {membersByTier.map(({ tierId, name, count }) => (
            <tr key={tierId} data-tier={tierId}>
              <th scope="row">
                <span class="tier">
                  {name}
                  <span class="track" aria-hidden="true">
                    <span class="filled" style={{ inlineSize: `${Math.round((count / most) * 100)}%` }} />
                  </span>
                </span>
              </th>
              <td class="number">{formatNumber(count)}</td>
              <td class="number">{formatMoney(incomeOf(tierId), money.currency, true)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.total}</th>
            <td class="number">{formatNumber(totals.members)}</td>
            <td class="number">{formatMoney(money.monthlyMinor, money.currency, true)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  )
}
