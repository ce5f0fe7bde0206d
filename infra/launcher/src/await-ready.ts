import { setTimeout as wait } from 'node:timers/promises'
import { StartFailure } from './start-failure.ts'
import type { Supervised } from './supervise.ts'

const pollMs = 50
/** A program that ends so often before it was ready even once will not come up by itself. */
const endsAllowed = 3

/**
 * Waits until every program is ready, telling each one as it comes.
 * @throws StartFailure naming the first that will not start and what its log says.
 */
export async function awaitReady(
  programs: Supervised[],
  { patienceMs, signal, onReady }: { patienceMs: number; signal?: AbortSignal; onReady?: (name: string) => void },
): Promise<void> {
  const deadline = performance.now() + patienceMs
  await Promise.all(
    programs.map(async (program) => {
      while (!(await program.isReady())) {
        signal?.throwIfAborted()
        if (program.ends() >= endsAllowed) throw failure(program, 'will not start')
        if (performance.now() > deadline) throw failure(program, `is not ready after ${patienceMs / 1000} s`)
        await wait(pollMs)
      }
      onReady?.(program.name)
    }),
  )
}

function failure(program: Supervised, what: string) {
  const why = program.gist()
  return new StartFailure(`${program.name} ${what}${why && `: ${why}`} (whole log: ${program.logFile})`)
}
