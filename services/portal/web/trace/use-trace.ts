import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Waterfall } from '../../src/traces/waterfall.ts'

export type Trace = { state: 'waiting' } | { state: 'absent' } | { state: 'here'; waterfall: Waterfall }

const tries = 5
const pauseMs = 1_000

/** The trace. Services send their steps a moment after they took them, so it is asked for a few times. */
export function useTrace(traceId: string): { trace: Trace; again(): void } {
  const [trace, setTrace] = useState<Trace>({ state: 'waiting' })
  const [round, setRound] = useState(0)
  const again = useCallback(() => setRound((before) => before + 1), [])
  useEffect(() => {
    let gone = false
    const look = async () => {
      for (let left = tries; left > 0 && !gone; left--) {
        const waterfall = await ask(traceId)
        if (gone) return
        if (waterfall) return setTrace({ state: 'here', waterfall })
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
      if (!gone) setTrace((before) => (before.state === 'here' ? before : { state: 'absent' }))
    }
    void look()
    return () => {
      gone = true
    }
  }, [traceId, round])
  return { trace, again }
}

async function ask(traceId: string): Promise<Waterfall | undefined> {
  const answer = await fetch(`/api/traces/${traceId}`).catch(() => undefined)
  if (answer?.status === 401) location.assign(`/sign-in?to=${encodeURIComponent(location.pathname)}`)
  return answer?.ok ? ((await answer.json()) as Waterfall) : undefined
}
