import { readFileSync, statSync } from 'node:fs'

const lookAgainMs = 100

const offsetIn = (file: string): number => {
  const { offsetMs } = JSON.parse(readFileSync(file, 'utf8')) as { offsetMs?: unknown }
  if (typeof offsetMs !== 'number' || !Number.isFinite(offsetMs)) throw new Error(`${file}: offsetMs is not a number`)
  return offsetMs
}

/**
 * A clock that runs like the machine's, ahead by the `offsetMs` of a JSON file. The file is read again when it changes;
 * while it is missing or half written the last offset holds.
 */
export const sandboxClock = (file: string | undefined): { nowMs(): number } => {
  let [offsetMs, seen, lookedAtMs] = [0, '', -Infinity]
  const look = (path: string): void => {
    const stat = statSync(path, { throwIfNoEntry: false })
    const version = stat === undefined ? '' : `${stat.mtimeMs} ${stat.ino} ${stat.size}`
    if (version === seen || stat === undefined) return
    try {
      offsetMs = offsetIn(path)
      seen = version
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return {
    nowMs() {
      const realMs = Date.now()
      if (file !== undefined && realMs - lookedAtMs >= lookAgainMs) {
        lookedAtMs = realMs
        look(file)
      }
      return realMs + offsetMs
    },
  }
}
