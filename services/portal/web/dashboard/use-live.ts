import { useEffect, useState } from 'preact/hooks'
import type { EventLine } from '../../src/picture/event-line.ts'
import type { Picture } from '../../src/picture/picture.ts'

export type Connection = 'connecting' | 'live' | 'reconnecting'
export type Live = { connection: Connection; picture: Picture | undefined; events: readonly EventLine[] }

const eventsMax = 50
const retryMs = 2_000

/** The live stream. Browsers reconnect by themselves, except after an answer that is no stream: then we do. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ connection: 'connecting', picture: undefined, events: [] })
  useEffect(() => {
    let source: EventSource | undefined
    let retry: ReturnType<typeof setTimeout> | undefined
    const open = () => {
      source = new EventSource('/api/live')
      source.addEventListener('picture', ({ data }: MessageEvent<string>) => {
        const picture = JSON.parse(data) as Picture
        setLive(({ events }) => ({ connection: 'live', picture, events }))
      })
      source.addEventListener('event', ({ data }: MessageEvent<string>) => {
        const line = JSON.parse(data) as EventLine
        setLive((before) => ({ ...before, events: withLine(before.events, line) }))
      })
      source.onerror = () => {
        setLive((before) => ({ ...before, connection: before.picture ? 'reconnecting' : 'connecting' }))
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(() => void reopen(), retryMs)
      }
    }
    const reopen = async () => {
      const answer = await fetch('/', { method: 'HEAD', redirect: 'manual' }).catch(() => undefined)
      // Redirected to the sign-in page: the session is over.
      if (answer?.type === 'opaqueredirect') location.assign('/sign-in')
      else open()
    }
    open()
    return () => {
      clearTimeout(retry)
      source?.close()
    }
  }, [])
  return live
}

/** Newest first, each once. */
function withLine(events: readonly EventLine[], line: EventLine): readonly EventLine[] {
  if (events.some(({ id }) => id === line.id)) return events
  const at = events.findIndex(({ atMs }) => atMs <= line.atMs)
  return events.toSpliced(at < 0 ? events.length : at, 0, line).slice(0, eventsMax)
}
