import { hash, timingSafeEqual } from 'node:crypto'

/** The digests BBB knows, by their names in its settings. */
export const checksumAlgorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number]

const algorithmByBytes = new Map<number, ChecksumAlgorithm>([
  [20, 'sha1'],
  [32, 'sha256'],
  [48, 'sha384'],
  [64, 'sha512'],
])

/** The checksum of a call as hex: the digest of call name, raw query (still encoded, no checksum in it) and secret. */
export const signQuery = (
  callName: string,
  rawQuery: string,
  secret: string,
  algorithm: ChecksumAlgorithm = 'sha256',
): string => hash(algorithm, callName + rawQuery + secret, 'hex')

/**
 * Parts a raw query from its checksum, as text: nothing is decoded or reordered, because the caller signed the bytes.
 * The query is undefined where it carries no checksum, or more than one (BBB refuses those since 3.0.37).
 */
export const splitChecksum = (rawQuery: string): { query: string; checksum: string } | undefined => {
  const atStart = rawQuery.startsWith('checksum=')
  const at = atStart ? 0 : rawQuery.indexOf('&checksum=')
  if (at < 0) return undefined
  const valueAt = at + (atStart ? 9 : 10)
  const next = rawQuery.indexOf('&', valueAt)
  if (next < 0) return { query: rawQuery.slice(0, at), checksum: rawQuery.slice(valueAt) }
  if (rawQuery.indexOf('&checksum=', next) >= 0) return undefined
  const rest = rawQuery.slice(atStart ? next + 1 : next)
  return { query: rawQuery.slice(0, at) + rest, checksum: rawQuery.slice(valueAt, next) }
}

/**
 * Whether the checksum belongs to this call under any of the secrets. The digest is chosen by the checksum's length,
 * hex case does not matter, comparison takes the same time wherever they differ. Empty secrets never match.
 */
export const checksumMatches = (
  callName: string,
  query: string,
  checksum: string,
  secrets: readonly string[],
  allowed: readonly ChecksumAlgorithm[] = checksumAlgorithms,
): boolean => {
  const given = Buffer.from(checksum, 'hex')
  const algorithm = algorithmByBytes.get(given.length)
  if (algorithm === undefined || checksum.length !== 2 * given.length || !allowed.includes(algorithm)) return false
  const signed = callName + query
  // Hex and back again is twice as fast as asking for the buffer.
  return secrets.some(
    (secret) => secret !== '' && timingSafeEqual(Buffer.from(hash(algorithm, signed + secret, 'hex'), 'hex'), given),
  )
}

/** Whether a raw query, its checksum included, was signed for this call with any of the secrets. */
export const verifyChecksum = (
  callName: string,
  rawUrlQuery: string,
  secrets: readonly string[],
  allowed: readonly ChecksumAlgorithm[] = checksumAlgorithms,
): boolean => {
  const parts = splitChecksum(rawUrlQuery)
  return parts !== undefined && checksumMatches(callName, parts.query, parts.checksum, secrets, allowed)
}
