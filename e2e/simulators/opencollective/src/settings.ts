import { currencies } from './model.ts'
import type { Tier } from './model.ts'

/** Reads the settings of the process from its environment; throws with the name of what is missing or wrong. */
export function readSettings(env: NodeJS.ProcessEnv) {
  return {
    port: number(env, 'PORT', 9100),
    host: env.HOST ?? '127.0.0.1',
    token: required(env, 'OC_TOKEN'),
    collectiveSlug: required(env, 'OC_SLUG'),
    tiers: readTiers(required(env, 'OC_TIERS')),
    requestsPerMinute: number(env, 'OC_REQUESTS_PER_MINUTE', 100),
    stateFile: env.STATE_FILE || undefined,
    webhookUrl: env.WEBHOOK_URL || undefined,
    clockFile: env.SANDBOX_CLOCK || undefined,
  }
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}

function number(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const value = Number(env[name] || otherwise)
  if (!Number.isInteger(value) || value < 0) throw new Error(`${name} must be a whole number, not ${env[name]}`)
  return value
}

function readTiers(json: string): Tier[] {
  const tiers: unknown = JSON.parse(json)
  if (!Array.isArray(tiers) || !tiers.every(isTier)) {
    throw new Error(
      'OC_TIERS must be a JSON array of {legacyId, slug, name, amountMinor, currency, interval}, with currencies of ' +
        currencies.join(', '),
    )
  }
  return tiers
}

function isTier(tier: unknown): tier is Tier {
  const { legacyId, slug, name, amountMinor, currency, interval } = Object(tier) as Record<string, unknown>
  return (
    Number.isInteger(legacyId) &&
    Number.isInteger(amountMinor) &&
    [slug, name].every((text) => typeof text === 'string' && text !== '') &&
    currencies.includes(String(currency)) &&
    (interval === 'month' || interval === 'year' || interval === null)
  )
}
