/** A reconcile loop: compares what is with what should be, woken by time or by an event. */
export type Loop = {
  /** Runs soon, whatever the time. Many calls while it runs make one more run. */
  wake(): void
  /** Resolves after the run under way. */
  stop(): Promise<void>
}

export type LoopOptions = { everyMs: number; run(): Promise<void>; onError(error: unknown): void }

/** Starts at once; one run at a time. A run that throws is told and the next comes in its time. */
export function startLoop({ everyMs, run, onError }: LoopOptions): Loop {
  let stopped = false
  let woken = false
  let wakeUp: () => void = () => {}
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, everyMs)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const running = (async () => {
    while (!stopped) {
      woken = false
      await run().catch(onError)
      if (!woken && !stopped) await pause()
    }
  })()
  return {
    wake: () => {
      woken = true
      wakeUp()
    },
    stop: async () => {
      stopped = true
      wakeUp()
      await running
    },
  }
}
