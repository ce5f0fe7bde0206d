/**
 * Runs at most one at a time for each key. Who asks while one runs gets the one after it, since the one under way may
 * have begun too early to know; all who ask meanwhile share it.
 */
export function oneAtATime(run: (key: string) => Promise<void>): (key: string) => Promise<void> {
  const current = new Map<string, Promise<void>>()
  const next = new Map<string, Promise<void>>()

  const start = (key: string): Promise<void> => {
    const running = run(key).finally(() => current.delete(key))
    current.set(key, running)
    return running
  }
  return (key) => {
    const waiting = next.get(key)
    if (waiting) return waiting
    const running = current.get(key)
    if (!running) return start(key)
    const following = running
      .catch(() => undefined)
      .then(() => {
        next.delete(key)
        return start(key)
      })
    next.set(key, following)
    return following
  }
}
