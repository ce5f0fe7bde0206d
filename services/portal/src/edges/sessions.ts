import { createHash, randomBytes } from 'node:crypto'

/** Web sessions of operators, in memory: whoever is signed in signs in again when the portal starts anew. */
export type Sessions = {
  /** Makes a session and tells its token, which is kept only as a digest. */
  open(): string
  holds(token: string | undefined): boolean
  end(token: string | undefined): void
}

export const sessionHours = 12
const sessionsMax = 1_000
const lengthMs = sessionHours * 3_600_000

const digestOf = (token: string) => createHash('sha256').update(token).digest('base64url')

/** `nowMs` is real time that never jumps. The oldest session ends when there are too many. */
export function openSessions(nowMs: () => number = () => performance.now()): Sessions {
  const endsAtMs = new Map<string, number>()
  return {
    open: () => {
      const token = randomBytes(32).toString('base64url')
      const [oldest] = endsAtMs.keys()
      if (endsAtMs.size >= sessionsMax && oldest !== undefined) endsAtMs.delete(oldest)
      endsAtMs.set(digestOf(token), nowMs() + lengthMs)
      return token
    },
    holds: (token) => token !== undefined && (endsAtMs.get(digestOf(token)) ?? -Infinity) > nowMs(),
    end: (token) => {
      if (token !== undefined) endsAtMs.delete(digestOf(token))
    },
  }
}
