type Row = Record<string, string | number | boolean | undefined>

export const write = (text: string): void => void process.stdout.write(`${text}\n`)

const cell = (value: Row[string]) => String(value ?? '')

/** A table with aligned columns for people, one JSON array for machines; `empty` says what there is not. */
export function printRows(rows: readonly Row[], { json, empty }: { json: boolean; empty: string }): void {
  if (json) return write(JSON.stringify(rows, null, 2))
  const [first] = rows
  if (!first) return write(empty)
  const columns = Object.keys(first).map((name) => ({
    name,
    width: Math.max(name.length, ...rows.map((row) => cell(row[name]).length)),
    right: typeof first[name] === 'number',
  }))
  const line = (value: (name: string) => string) =>
    columns
      .map(({ name, width, right }) => (right ? value(name).padStart(width) : value(name).padEnd(width)))
      .join('  ')
      .trimEnd()
  write(line((name) => name))
  for (const row of rows) write(line((name) => cell(row[name])))
}

/** One thing: `name  value` lines for people, JSON for machines. */
export function printThing(thing: Row, json: boolean): void {
  if (json) return write(JSON.stringify(thing, null, 2))
  const width = Math.max(...Object.keys(thing).map((name) => name.length))
  for (const [name, value] of Object.entries(thing)) write(`${name.padEnd(width)}  ${cell(value)}`)
}

/** A moment in the reader's own zone; a dash for never. */
export const moment = (ms: number): string => (ms === 0 ? '–' : new Date(ms).toLocaleString('sv-SE'))

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** Bytes with three figures, in powers of 1000 as the tiers are written. */
export function bytes(count: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3))
  return `${(count / 1000 ** power).toLocaleString('en', { maximumSignificantDigits: 3 })} ${units[power]}`
}
