import { existsSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'

const shortestPauseMs = 200

/**
 * Keeps a value in a JSON file. Changes are gathered: one write at a time, by atomic rename, and a pause after each that
 * is long against the write itself, so that a busy sandbox spends its time elsewhere.
 */
export function stateFile<T>(path: string | undefined, current: () => T) {
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  let pauseMs = shortestPauseMs

  const write = async (): Promise<void> => {
    if (!path) return
    const startedMs = performance.now()
    await writeFile(`${path}.new`, JSON.stringify(current()))
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
    /** Says that the value changed; it is on disk soon. */
    changed(): void {
      if (path) timer ??= setTimeout(queueWrite, pauseMs)
    },
    /** Writes what is pending, now. */
    flush: queueWrite,
  }
}

/** The value of an earlier run, or null when there was none. A damaged file is an error, not a fresh start. */
export function readState<T>(path: string | undefined): T | null {
  return path && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null
}
