// Numbers and times as the reader's browser writes them, in the reader's zone.
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const clockSeconds = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const dayAndClock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export const formatNumber = (n: number): string => whole.format(n)
export const formatClock = (ms: number): string => clock.format(ms)
export const formatSeconds = (ms: number): string => clockSeconds.format(ms)
export const formatFull = (ms: number): string => full.format(ms)
export const formatDayAndClock = (ms: number): string => dayAndClock.format(ms)

/** Only the time on the same day, the day with it on another. */
export const formatSince = (ms: number, nowMs: number): string =>
  day.format(ms) === day.format(nowMs) ? clock.format(ms) : `${day.format(ms)}, ${clock.format(ms)}`

/** Minor units (cents) as money; whole units where cents would only be noise. */
export function formatMoney(minor: number, currency: string, precise = false): string {
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const
  const digits = new Intl.NumberFormat(undefined, style).resolvedOptions().maximumFractionDigits ?? 2
  const fraction = precise ? digits : 0
  return new Intl.NumberFormat(undefined, {
    ...style,
    minimumFractionDigits: fraction,
    maximumFractionDigits: fraction,
  }).format(minor / 10 ** digits)
}

/** `12.3 ms`, `1.24 s`. */
export function formatDuration(ms: number): string {
  const [value, unit] = ms < 1_000 ? [ms, 'ms'] : [ms / 1_000, 's']
  return `${new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 }).format(value)} ${unit}`
}

/** `+44 days`, `−3 hours`: how far business time is from the browser's. */
export function formatOffset(ms: number): string {
  const [unitMs, unit] =
    Math.abs(ms) >= 86_400_000
      ? [86_400_000, 'day']
      : Math.abs(ms) >= 3_600_000
        ? [3_600_000, 'hour']
        : [60_000, 'minute']
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    signDisplay: 'always',
    maximumFractionDigits: 0,
  }).format(ms / unitMs)
}

/** Long digests cut to four characters: enough to tell one from another. `member-` goes without saying. */
export const shortId = (id: string): string =>
  id.replace(/^member-/, '').replace(/([0-9a-f]{4})[0-9a-f]{8,}[-.]?/g, '$1…')

/** `PlacementService/Locate` for a gRPC call's full name; other steps as they are. */
export const shortStep = (name: string): string => name.replace(/^\/[\w.]*\./, '')

/** `MeetingStarted` as words. */
export const titleOf = (type: string): string => {
  const words = type.replace(/(?<!^)[A-Z]/g, ' $&').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
