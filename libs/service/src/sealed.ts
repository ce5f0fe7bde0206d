import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto'

const ivBytes = 12
const tagBytes = 16

const keyOf = (secret: string): Buffer => Buffer.from(hash('sha256', `seal:${secret}`, 'hex'), 'hex')

/**
 * Encrypts with AES-256-GCM under a key made from the secret. `purpose` is bound to it: what was sealed for one purpose
 * does not open for another.
 */
export function seal(plain: string, secret: string, purpose: string): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), iv).setAAD(Buffer.from(purpose))
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

/** What was sealed. Throws if it was altered, or sealed under another secret or for another purpose. */
export function unseal(sealed: Buffer, secret: string, purpose: string): string {
  const options = { authTagLength: tagBytes }
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), sealed.subarray(0, ivBytes), options)
  decipher.setAAD(Buffer.from(purpose)).setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
  return decipher.update(sealed.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
}
