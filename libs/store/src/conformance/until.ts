import { setTimeout as pause } from 'node:timers/promises'

const withinMs = 20_000

/** Waits for a condition. Throws when it does not come true in time. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${condition}`)
    await pause(10)
  }
}
