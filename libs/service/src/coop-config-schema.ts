import { z } from 'zod'
import { didYouMean } from './did-you-mean.ts'

const text = z.string({ error: 'must be text' }).trim().min(1, 'must not be empty')
const id = text.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case letters, digits and single hyphens')
const envName = text.regex(
  /^[A-Z][A-Z0-9_]*$/,
  'must be the name of an environment variable, like OPENCOLLECTIVE_TOKEN',
)
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
const atLeast = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`
  return z.int({ error }).min(least, error).max(most, error)
}

const limitError = 'must be a whole number from 1 on, or unlimited'
const limit = z.union([z.int().min(1, limitError).max(1_000_000, limitError), z.literal('unlimited')], {
  error: limitError,
})

const thousandthBytes = { MB: 1e3, GB: 1e6, TB: 1e9 }
const space = text.transform((written, context) => {
  const [, whole = '', part = '', unit] = /^(\d{1,6})(?:\.(\d{1,3}))? ?(MB|GB|TB)$/.exec(written) ?? []
  // Thousandths of the unit, so that 1.5 GB needs no fractions.
  if (unit) return Number(whole + part.padEnd(3, '0')) * thousandthBytes[unit as keyof typeof thousandthBytes]
  context.addIssue('must be a size like 25 GB (MB, GB or TB, decimal)')
  return z.NEVER
})

const contributionError = 'must be an amount like 250 EUR per year (or per month), or free, or agreed'
const contribution = z.string({ error: contributionError }).transform((written, context) => {
  if (written === 'free' || written === 'agreed') return written
  const [, units = '', cents = '', currency = '', per] =
    /^(\d{1,9})(?:\.(\d{1,3}))? ([A-Z]{3}) per (month|year)$/.exec(written) ?? []
  const decimals = per ? decimalsOf(currency) : undefined
  if (decimals !== undefined && cents.length <= decimals)
    return { amountMinor: Number(units + cents.padEnd(decimals, '0')), currency, per: per as 'month' | 'year' }
  context.addIssue(contributionError)
  return z.NEVER
})

const tier = z.strictObject({
  id,
  name: text,
  opencollectiveTiers: z.array(atLeast(1, Number.MAX_SAFE_INTEGER), { error: 'must be a list of tier ids' }).max(100),
  contribution,
  personalRooms: limit,
  sessionMinutes: limit,
  hostAccounts: atLeast(0, 10_000),
  recordingSpace: space,
  vote: z.boolean({ error: 'must be true or false' }),
})

const node = z.strictObject({ id, url: httpUrl, secretEnv: envName, region: id })

const publicUrl = httpUrl.transform((url) => url.replace(/\/+$/, '')).optional()
const addresses = z.strictObject({
  'bbb-gateway': publicUrl,
  portal: publicUrl,
  billing: publicUrl,
  'recording-storage': publicUrl,
  'room-scheduling': publicUrl,
  'node-orchestration': publicUrl,
})

const coop = z.strictObject({
  name: text,
  currency: text.refine((code) => decimalsOf(code) !== undefined, 'must be a currency code like EUR'),
  language: text.refine((tag) => isAccepted(() => Intl.getCanonicalLocales(tag)), 'must be a language tag like en'),
  timeZone: text.refine(
    (zone) => isAccepted(() => Intl.DateTimeFormat('en', { timeZone: zone })),
    'must be a time zone like Europe/Berlin',
  ),
  graceDays: atLeast(20, 366).default(20),
  opencollective: z.strictObject({
    slug: id,
    apiUrl: httpUrl,
    tokenEnv: envName,
    requestsPerMinute: atLeast(1, 10_000),
    sweepEveryMinutes: atLeast(1, 1_440),
  }),
  addresses: addresses.default({}),
  house: z.strictObject({ tier: id }),
  basicTier: id,
  tiers: z.array(tier, { error: 'must be a list of tiers' }).min(1, 'must list at least one tier').max(100),
  regions: z.array(id, { error: 'must be a list of region names' }).min(1, 'must name at least one region').max(100),
  nodes: z.array(node, { error: 'must be a list of nodes' }).max(1_000).default([]),
})

const checked = coop.superRefine((config, context) => {
  const complain = (at: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path: at, message })
  const oneOf = (at: PropertyKey[], value: string, known: string[]) => {
    if (!known.includes(value)) complain(at, `must be one of ${known.join(', ')}${didYouMean(value, known)}`)
  }
  const once = (values: (string | number)[], at: (i: number) => PropertyKey[]) =>
    values.forEach((value, i) => values.indexOf(value) < i && complain(at(i), `must not repeat ${value}`))

  const tierIds = config.tiers.map((each) => each.id)
  oneOf(['basicTier'], config.basicTier, tierIds)
  oneOf(['house', 'tier'], config.house.tier, tierIds)
  once(tierIds, (i) => ['tiers', i, 'id'])
  const paid = config.tiers.flatMap((each, i) =>
    each.opencollectiveTiers.map((value, j) => ({ value, at: [i, j] as const })),
  )
  once(
    paid.map(({ value }) => value),
    (k) => ['tiers', paid[k]!.at[0], 'opencollectiveTiers', paid[k]!.at[1]],
  )
  config.tiers.forEach(({ contribution: given }, i) => {
    if (typeof given === 'object' && given.currency !== config.currency)
      complain(['tiers', i, 'contribution'], `must be in ${config.currency}, the co-op's currency`)
  })
  once(
    config.nodes.map((each) => each.id),
    (i) => ['nodes', i, 'id'],
  )
  config.nodes.forEach((each, i) => oneOf(['nodes', i, 'region'], each.region, config.regions))
})

/** What coop.yaml holds once it is read; each message says what the value must be. */
export const coopSchema = checked.transform(({ tiers, ...rest }) => ({
  ...rest,
  tiers: tiers.map(({ recordingSpace, contribution: given, ...each }) => ({
    ...each,
    contribution: typeof given === 'object' ? { amountMinor: given.amountMinor, per: given.per } : given,
    recordingSpaceBytes: recordingSpace,
  })),
}))

/** Every setting's name, wherever it belongs: to tell a slip of the finger from an idea of one's own. */
export const settingNames = [coop, coop.shape.opencollective, coop.shape.house, addresses, tier, node].flatMap(
  ({ shape }) => Object.keys(shape),
)

/** Digits after the point in this currency; undefined when there is no such currency. */
function decimalsOf(currency: string): number | undefined {
  if (!Intl.supportedValuesOf('currency').includes(currency)) return undefined
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits
}

function isAccepted(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
