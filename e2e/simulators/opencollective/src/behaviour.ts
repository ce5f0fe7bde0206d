/** How the sandbox misbehaves, on request. Not kept across restarts. */
export type Behaviour = {
  /** The share of webhooks that is lost, 0 to 1; `true` loses all. */
  dropWebhooks: number | boolean
  /** How many extra copies of each webhook are sent. */
  repeatWebhooks: number
  delayWebhookMs: number
  /** `empty` answers as if nobody had ever contributed; `slow` waits apiDelayMs before each answer. */
  api: 'ok' | 'http500' | 'ratelimited' | 'empty' | 'slow'
  apiDelayMs: number
}

export const goodBehaviour: Behaviour = {
  dropWebhooks: 0,
  repeatWebhooks: 0,
  delayWebhookMs: 0,
  api: 'ok',
  apiDelayMs: 5_000,
}

/** The JSON schema of a change of behaviour. */
export const behaviourSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    dropWebhooks: { anyOf: [{ type: 'boolean' }, { type: 'number', minimum: 0, maximum: 1 }] },
    repeatWebhooks: { type: 'integer', minimum: 0, maximum: 10 },
    delayWebhookMs: { type: 'integer', minimum: 0, maximum: 600_000 },
    api: { enum: ['ok', 'http500', 'ratelimited', 'empty', 'slow'] },
    apiDelayMs: { type: 'integer', minimum: 0, maximum: 60_000 },
  },
} as const
