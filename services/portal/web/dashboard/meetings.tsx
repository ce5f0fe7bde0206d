import type { Picture } from '../../src/picture/picture.ts'
import { formatNumber, formatSince } from '../format.ts'
import { Id } from '../parts/id.tsx'
import { text } from '../text.ts'

const { meetings: words } = text

export function Meetings({ picture: { meetings, totals, atMs } }: { picture: Picture }) {
  const more = totals.meetings - meetings.length
  return (
    <section class="meetings" aria-labelledby="meetings-title">
      <h2 id="meetings-title">{words.title}</h2>
      {meetings.length === 0 ? (
        <p class="quiet">
          {words.empty} <code>{words.emptyCommand}</code>
        </p>
      ) : (
        <div class="scroller" tabIndex={0} role="group" aria-labelledby="meetings-title">
          <table>
            <thead>
              <tr>
                <th scope="col">{words.id}</th>
                <th scope="col">{words.node}</th>
                <th scope="col">{words.status}</th>
                <th scope="col" class="number">
                  {words.since}
                </th>
                <th scope="col" class="number">
                  {words.peak}
                </th>
              </tr>
            </thead>
            <tbody>
              {meetings.map((meeting) => (
                <tr key={meeting.placementId}>
                  <td>
                    <Id id={meeting.placementId} />
                  </td>
                  <td>{meeting.nodeId}</td>
                  <td>
                    {words.states[meeting.status]}
                    {meeting.recorded && (
                      <span class="recorded">
                        <span class="recorded-word">{words.recorded}</span>
                      </span>
                    )}
                  </td>
                  <td class="number">{meeting.startedAtMs > 0 ? formatSince(meeting.startedAtMs, atMs) : '–'}</td>
                  <td class="number">{formatNumber(meeting.participantsPeak)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more > 0 && <p class="quiet">{words.more(formatNumber(more))}</p>}
    </section>
  )
}
