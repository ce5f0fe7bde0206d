import { text } from '../text.ts'
import { Alarms } from './alarms.tsx'
import { Events } from './events.tsx'
import { Figures } from './figures.tsx'
import { Header } from './header.tsx'
import { Health } from './health.tsx'
import { Meetings } from './meetings.tsx'
import { Nodes } from './nodes.tsx'
import { Tiers } from './tiers.tsx'
import { useLive } from './use-live.ts'

export function Dashboard() {
  const { connection, picture, events } = useLive()
  return (
    <div class={`page ${connection === 'reconnecting' ? 'stale' : ''}`}>
      <a class="skip" href="#figures">
        {text.skip}
      </a>
      <Header connection={connection} picture={picture} />
      <Alarms connection={connection} picture={picture} />
      <main class="board" aria-busy={!picture}>
        {picture && (
          <>
            <Figures picture={picture} />
            <Nodes nodes={picture.nodes} />
            <Meetings picture={picture} />
            <Tiers picture={picture} />
            <Health picture={picture} />
            <Events events={events} />
          </>
        )}
      </main>
    </div>
  )
}
