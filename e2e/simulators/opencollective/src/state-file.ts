import { existsSync, readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'

const shortestPauseMs = 200

/**
 * Keeps a JSON document in a file, by atomic rename. Changes are gathered: one write at a time, and a pause after each that
 * is long against the write itself. `pieces` yields the document bit by bit, and other work goes on between two bits, so
 * that a large state holds nobody up.
 */
export function stateFile(path: string | undefined, pieces: () => Iterable<string>) {
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  let pauseMs = shortestPauseMs

  const write = async (): Promise<void> => {
    if (!path) return
    const startedMs = performance.now()
    const file = await open(`${path}.new`, 'w')
    try {
      for (const piece of pieces()) await file.write(piece)
    } finally {
      await file.close()
    }
    await rename(`${path}.new`, path)
    pauseMs = Math.max(shortestPauseMs, 20 * (performance.now() - startedMs))
  }
  const queueWrite = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(write)
    return writing
  }
  return {
    /** Says that something changed; it is on disk soon. */
    changed(): void {
      if (path) timer ??= setTimeout(queueWrite, pauseMs)
    },
    /** Writes the document now. */
    flush: queueWrite,
  }
}

/** The document of an earlier run, or null when there was none. A damaged file is an error, not a fresh start. */
export function readState<T>(path: string | undefined): T | null {
  return path && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null
}
