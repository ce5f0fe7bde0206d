import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Picture } from '../../src/picture/picture.ts'
import { formatDayAndClock, formatOffset } from '../format.ts'
import mark from '../mark.svg'
import { text } from '../text.ts'
import type { Connection } from './use-live.ts'

const sandboxFromMs = 60_000

type Props = { connection: Connection; picture: Picture | undefined }

/** Whose dashboard this is, whether it is live, and what time it is in the co-op. */
export function Header({ connection, picture }: Props) {
  useEffect(() => {
    if (picture) document.title = `${picture.coop} – ${text.dashboard}`
  }, [picture?.coop])
  return (
    <header class="bar">
      <img src={mark} alt="" />
      <h1>{picture?.coop ?? text.dashboard}</h1>
      <p class={`connection ${connection}`}>
        <span class="dot" aria-hidden="true" />
        {text.connection[connection]}
      </p>
      {picture && <BusinessTime picture={picture} />}
      <form method="post" action="/sign-out">
        <button class="plain-button" type="submit">
          {text.signOut}
        </button>
      </form>
    </header>
  )
}

function BusinessTime({ picture }: { picture: Picture }) {
  const offsetMs = useMemo(() => picture.atMs - Date.now(), [picture])
  const [nowMs, setNowMs] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const atMs = nowMs + offsetMs
  return (
    <p class="time">
      <time dateTime={new Date(atMs).toISOString()} title={text.businessTime}>
        {formatDayAndClock(atMs)}
      </time>
      {Math.abs(offsetMs) >= sandboxFromMs && <span class="sandbox">{text.sandboxTime(formatOffset(offsetMs))}</span>}
    </p>
  )
}
