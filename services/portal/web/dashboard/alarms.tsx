import { useEffect, useRef, useState } from 'preact/hooks'
import type { Picture } from '../../src/picture/picture.ts'
import { text } from '../text.ts'
import type { Connection } from './use-live.ts'

const { alarms: words } = text

type Seen = { connection: Connection; picture: Picture | undefined }

/** Tells a screen reader what matters when it happens; everything else it finds when it looks. */
export function Alarms({ connection, picture }: Seen) {
  const before = useRef<Seen>({ connection, picture })
  const [said, setSaid] = useState('')
  useEffect(() => {
    const changes = whatChanged(before.current, { connection, picture })
    before.current = { connection, picture }
    if (changes.length > 0) setSaid(changes.join('. '))
  }, [connection, picture])
  return (
    <p class="hidden-but-read" role="status">
      {said}
    </p>
  )
}

function whatChanged(before: Seen, after: Seen): string[] {
  if (!before.picture || !after.picture) return []
  const wasReady = new Map(before.picture.health.map(({ service, ready }) => [service, ready]))
  const services = after.picture.health
    .filter(({ service, ready }) => wasReady.has(service) && wasReady.get(service) !== ready)
    .map(({ service, ready }) => (ready ? words.serviceBack(service) : words.serviceAway(service)))
  const hadStatus = new Map(before.picture.nodes.map(({ nodeId, status }) => [nodeId, status]))
  const nodes = after.picture.nodes
    .filter(({ nodeId, status }) => hadStatus.has(nodeId) && hadStatus.get(nodeId) !== status)
    .map(({ nodeId, status }) => words.node(nodeId, text.nodes.status[status]))
  const lost = before.connection === 'live' && after.connection === 'reconnecting'
  const back = before.connection === 'reconnecting' && after.connection === 'live'
  return [...(lost ? [words.reconnecting] : []), ...(back ? [words.live] : []), ...services, ...nodes]
}
