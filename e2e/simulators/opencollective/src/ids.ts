import { createHash, randomBytes } from 'node:crypto'

/** A public id as OpenCollective gives since April 2026: a prefix for the kind (`or`, `acc`, `tx`, `act`, `tier`) and noise. */
export function publicId(prefix: string): string {
  return `${prefix}_${randomBytes(9).toString('base64url').replaceAll(/[-_]/g, 'x')}`
}

/** A public id that is the same at every start, for what comes from the configuration. */
export function stablePublicId(prefix: string, id: number): string {
  return `${prefix}_${digest(prefix, id).slice(0, 12)}`
}

/** The older GraphQL v2 id, four groups of eight; webhooks still carry it as `idV2`. */
export function idV2(kind: string, id: number): string {
  return digest(kind, id).match(/.{8}/g)!.slice(0, 4).join('-')
}

function digest(kind: string, id: number): string {
  const bytes = createHash('sha256').update(`${kind}:${id}`).digest()
  return BigInt(`0x${bytes.toString('hex')}`)
    .toString(36)
    .padStart(50, '0')
}
