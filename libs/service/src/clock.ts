import { readFileSync } from 'node:fs'

/** Unix time in milliseconds. The only clock that business rules see. */
export type Clock = { nowMs(): number }

const lookEveryMs = 100

/**
 * The machine's clock; in the sandbox moved by `{"offsetMs": n}` in a file that may change at any time. Throws if the
 * file cannot be read at first; later a file that is gone or half written leaves the clock as it is.
 */
export function openClock(sandboxFile: string | undefined): Clock {
  if (!sandboxFile) return { nowMs: () => Date.now() }
  let offsetMs = offsetIn(sandboxFile)
  // Watching the file would miss a change between the first reading and the start of the watch.
  const look = () => {
    try {
      offsetMs = offsetIn(sandboxFile)
    } catch (error) {
      const { name, code } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT' && name !== 'SyntaxError' && name !== 'TypeError') throw error
    }
  }
  setInterval(look, lookEveryMs).unref()
  return { nowMs: () => Date.now() + offsetMs }
}

function offsetIn(file: string): number {
  const { offsetMs } = JSON.parse(readFileSync(file, 'utf8')) as { offsetMs: unknown }
  if (!Number.isSafeInteger(offsetMs)) throw new TypeError(`${file} holds no offsetMs`)
  return offsetMs as number
}
