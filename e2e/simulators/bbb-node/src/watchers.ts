/** Browsers that watch a meeting. Each hears of every change, and once of the end. */
export type Watcher = { changed: () => void; ended: () => void; dropped: () => void }

export const maxWatchers = 5000

export const createWatchers = () => {
  const byMeeting = new Map<string, Set<Watcher>>()
  let count = 0
  const of = (internalMeetingID: string): Watcher[] => [...(byMeeting.get(internalMeetingID) ?? [])]

  return {
    /** Returns how to stop watching; undefined where there are too many already. */
    watch(internalMeetingID: string, watcher: Watcher): (() => void) | undefined {
      if (count >= maxWatchers) return undefined
      const watching = byMeeting.get(internalMeetingID) ?? new Set()
      byMeeting.set(internalMeetingID, watching.add(watcher))
      count += 1
      return () => {
        if (!watching.delete(watcher)) return
        count -= 1
        if (watching.size === 0) byMeeting.delete(internalMeetingID)
      }
    },
    changed: (internalMeetingID: string): void => of(internalMeetingID).forEach((watcher) => watcher.changed()),
    ended: (internalMeetingID: string): void => of(internalMeetingID).forEach((watcher) => watcher.ended()),
    dropAll: (): void => [...byMeeting.keys()].flatMap(of).forEach((watcher) => watcher.dropped()),
  }
}
