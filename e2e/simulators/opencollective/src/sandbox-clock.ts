import { readFileSync, statSync } from 'node:fs'

export type Clock = { nowMs(): number }

const checkEveryMs = 50
const furthestMs = 100 * 365 * 86_400_000

/**
 * Real time plus the `offsetMs` of a JSON file, `{"offsetMs": 86400000}`, read again whenever the file changes.
 * While there is no readable file,
 * or one that leads further than a century away, the last known offset stays, at first 0.
 */
export function sandboxClock(path: string | undefined): Clock {
  let offsetMs = 0
  let checkedAtMs = 0
  let seen = ''
  const refresh = (): void => {
    if (!path || Date.now() - checkedAtMs < checkEveryMs) return
    checkedAtMs = Date.now()
    const stat = statSync(path, { throwIfNoEntry: false })
    const version = stat ? `${stat.mtimeMs}:${stat.size}:${stat.ino}` : ''
    if (!stat || version === seen) return
    const read = parseOffset(readFileSync(path, 'utf8'))
    if (read === null) return
    offsetMs = read
    seen = version
  }
  return {
    nowMs() {
      refresh()
      return Date.now() + offsetMs
    },
  }
}

/** Null for a file caught half written: its next version is read a moment later. */
function parseOffset(text: string): number | null {
  try {
    const offsetMs: unknown = JSON.parse(text)?.offsetMs
    return typeof offsetMs === 'number' && Math.abs(offsetMs) <= furthestMs ? offsetMs : null
  } catch {
    return null
  }
}
