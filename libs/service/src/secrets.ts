import { readFileSync } from 'node:fs'
import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

const key = z.string().min(32)

const schema = z.object({
  /** Operators sign in with it, at the portal and the operators' edges. */
  operatorToken: key,
  /** The secret part of OpenCollective's webhook address. */
  webhookPath: key,
  /** The host accounts' API secrets are derived from it. */
  hostAccountKey: key,
  /** Signs the tokens in URLs that nodes call back. */
  callbackKey: key,
  /** Signs the URLs that recordings play from. */
  playbackKey: key,
  /** Encrypts the gateway's snapshot on disk. */
  snapshotKey: key,
  /** Encrypts the nodes' BBB secrets in the store. */
  nodeSecretKey: key,
})

export type Secrets = Readonly<z.infer<typeof schema>>

/** Reads the secrets' file. Errors name the key, never its value. */
export function readSecrets(path: string): Secrets {
  const read = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (read.success) return Object.freeze(read.data)
  throw new Error(`${path}: missing or too short: ${read.error.issues.map((issue) => issue.path.join('.')).join(', ')}`)
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Compares in constant time, whatever the lengths. */
export const sameSecret = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected))
