import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { StartFailure } from './start-failure.ts'
import { writeWhole } from './write-whole.ts'

/** What the co-op keeps to itself. libs/service reads the same file and says what each is for. */
export type Secrets = {
  operatorToken: string
  webhookPath: string
  hostAccountKey: string
  callbackKey: string
  playbackKey: string
  snapshotKey: string
  nodeSecretKey: string
  sandboxNodeSecrets: string[]
  opencollectiveToken: string
}

/**
 * Reads the secrets' file; makes it on the first start and adds what a newer version needs. What is there is never changed:
 * host accounts' API secrets and stored node secrets hang on it.
 */
export function readOrCreateSecrets(file: string): Secrets {
  const kept = existsSync(file) ? parse(file) : {}
  const secrets = { ...fresh(), ...kept }
  if (Object.keys(secrets).some((name) => !(name in kept))) writeWhole(file, secrets)
  return secrets
}

function fresh(): Secrets {
  return {
    operatorToken: random(),
    webhookPath: random(),
    hostAccountKey: random(),
    callbackKey: random(),
    playbackKey: random(),
    snapshotKey: random(),
    nodeSecretKey: random(),
    sandboxNodeSecrets: [random(), random()],
    opencollectiveToken: random(),
  }
}

const random = () => randomBytes(32).toString('base64url')

function parse(file: string): Partial<Secrets> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code ? `cannot be read (${code})` : 'is not JSON any more'
    throw new StartFailure(`${file} ${why}. Bring it back from a backup: a new one would lock out every host account`)
  }
}
