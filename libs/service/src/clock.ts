import { readFileSync, watchFile } from 'node:fs'

/** Unix time in milliseconds. The only clock that business rules see. */
export type Clock = { nowMs(): number }

const lookEveryMs = 100

/** The machine's clock; in the sandbox moved by `{"offsetMs": n}` in a file that may change at any time. */
export function openClock(sandboxFile: string | undefined): Clock {
  if (!sandboxFile) return { nowMs: () => Date.now() }
  const read = () => (JSON.parse(readFileSync(sandboxFile, 'utf8')) as { offsetMs: number }).offsetMs
  let offsetMs = read()
  watchFile(sandboxFile, { interval: lookEveryMs, persistent: false }, () => (offsetMs = read()))
  return { nowMs: () => Date.now() + offsetMs }
}
