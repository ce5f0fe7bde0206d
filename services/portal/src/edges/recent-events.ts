import type { EventLine } from '../picture/event-line.ts'

export const recentMax = 50

/** The last events, oldest first, each once. */
export type RecentEvents = {
  /** False if it is known already or older than all that are kept. */
  add(line: EventLine): boolean
  all(): readonly EventLine[]
}

export function keepRecentEvents(): RecentEvents {
  let lines: EventLine[] = []
  return {
    add: (line) => {
      if (lines.some(({ id }) => id === line.id)) return false
      const later = lines.findLastIndex(({ atMs }) => atMs <= line.atMs) + 1
      lines = lines.toSpliced(later, 0, line).slice(-recentMax)
      return lines.includes(line)
    },
    all: () => lines,
  }
}
