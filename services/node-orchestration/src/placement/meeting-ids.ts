import { createHmac, hash, timingSafeEqual } from 'node:crypto'

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex')

/** The meeting's name on its node: keyed, so that tenants neither meet nor guess each other's. */
export const meetingKeyOf = (callbackKey: string, tenantId: string, externalMeetingId: string): string =>
  `${tenantId}-${hmac(callbackKey, `meeting:${tenantId}:${externalMeetingId}`).slice(0, 20)}`

/** What every internal id (and so every recording id) of this meeting begins with: BBB takes the digest of its name. */
export const internalPrefixOf = (meetingKey: string): string => hash('sha1', meetingKey, 'hex')

/** Whether a meeting found on a node can be one of ours. */
export const looksLikeMeetingKey = (meetingId: string): boolean => /^[A-Za-z0-9_-]{1,200}-[0-9a-f]{20}$/.test(meetingId)

const signatureOf = (callbackKey: string, placementId: string, nodeId: string) =>
  hmac(callbackKey, `callback:${placementId}:${nodeId}`).slice(0, 32)

/** Goes into URLs that a node calls back: bound to the placement and its node. */
export const callbackTokenOf = (
  callbackKey: string,
  { placementId, nodeId }: { placementId: string; nodeId: string },
) => `${placementId}.${signatureOf(callbackKey, placementId, nodeId)}`

/** The placement a token claims to be of; whether it is true, isSignedFor tells. */
export function readCallbackToken(token: string): { meetingKey: string; placementId: string } | undefined {
  const [, placementId, meetingKey] = /^((.{1,230})\.\d{1,9})\.[0-9a-f]{32}$/.exec(token) ?? []
  return placementId && meetingKey ? { placementId, meetingKey } : undefined
}

export function isSignedFor(
  callbackKey: string,
  token: string,
  placement: { placementId: string; nodeId: string },
): boolean {
  const given = Buffer.from(token)
  const expected = Buffer.from(callbackTokenOf(callbackKey, placement))
  return given.length === expected.length && timingSafeEqual(given, expected)
}
