// The JSON schemas of the control API's requests.
import { limits } from './model.ts'

const termsProperties = {
  tierSlug: { type: 'string', maxLength: 100 },
  tierId: { type: 'integer' },
  amountMinor: { type: 'integer', minimum: 0, maximum: 100_000_000 },
  frequency: { enum: ['MONTHLY', 'YEARLY', 'ONETIME'] },
} as const

export const wishSchema = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    ...termsProperties,
    name: { type: 'string', minLength: 1, maxLength: 200 },
    email: { type: 'string', minLength: 3, maxLength: 254 },
    slug: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,99}$' },
    incognito: { type: 'boolean' },
    organisation: { type: 'boolean' },
    pending: { type: 'boolean' },
  },
} as const
export const changeSchema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: termsProperties,
} as const
export const orderParams = { type: 'object', properties: { legacyId: { type: 'integer' } } } as const
export const activityParams = { type: 'object', properties: { id: { type: 'integer' } } } as const
export const limitQuery = {
  type: 'object',
  properties: { limit: { type: 'integer', minimum: 1, maximum: limits.orders, default: 1_000 } },
} as const
/** How long a call waits for the webhooks' outcomes; after that it reports them as `sending`. */
export const waitQuery = {
  type: 'object',
  properties: { waitMs: { type: 'integer', minimum: 0, maximum: 30_000, default: 5_000 } },
} as const

export const cancelSchema = optional({ silent: { type: 'boolean' } })
/** The number of coming charges that fail: by default all six, which cancels; 0 makes the card work again. */
export const failSchema = optional({ times: { type: 'integer', minimum: 0, maximum: 100 } })

export const urlSchema = {
  type: 'object',
  required: ['url'],
  additionalProperties: false,
  properties: { url: { type: 'string', nullable: true, maxLength: 255 } },
} as const

/** A body that may be left out. */
function optional(properties: object): object {
  return { anyOf: [{ type: 'null' }, { type: 'object', additionalProperties: false, properties }] }
}
