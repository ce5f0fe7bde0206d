/** The sandbox was asked for something that OpenCollective would not do. */
export type Refusal = { refused: string }

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value
}
