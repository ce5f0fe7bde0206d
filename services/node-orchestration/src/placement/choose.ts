import { hash } from 'node:crypto'

export type Candidate = { nodeId: string; load: number }

/**
 * The least loaded candidate. Equals are told apart by rendezvous hashing of meeting and node: neither always the first
 * nor by chance, so that a repeated question gets the same answer.
 */
export function chooseNode(meetingKey: string, candidates: readonly Candidate[]): string | undefined {
  const least = Math.min(...candidates.map(({ load }) => load))
  const equals = candidates.filter(({ load }) => load === least)
  const score = ({ nodeId }: Candidate) => hash('sha256', `${meetingKey} ${nodeId}`, 'hex')
  return equals.toSorted((a, b) => (score(a) < score(b) ? 1 : -1))[0]?.nodeId
}
