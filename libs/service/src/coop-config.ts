import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import { coopSchema, settingNames } from './coop-config-schema.ts'
import { didYouMean } from './did-you-mean.ts'

const maxFileCharacters = 1_000_000

/** coop.yaml does not say what it must: a `file:line: what, and what it must be` for each problem, the count first. */
export class CoopConfigError extends Error {
  override name = 'CoopConfigError'
  readonly problems: readonly string[]

  constructor(file: string, problems: string[]) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
    super([`${file} has ${count}:`, ...problems].join('\n'))
    this.problems = problems
  }
}

export type CoopConfig = Readonly<z.output<typeof coopSchema>>
export type TierConfig = CoopConfig['tiers'][number]
export type Limit = TierConfig['personalRooms']

/**
 * Reads and checks coop.yaml. Amounts come out in minor units of the co-op's currency, recording space in bytes.
 * @throws CoopConfigError with all problems and their lines; a file that cannot be read is one too.
 */
export function loadCoopConfig(file: string): CoopConfig {
  return parseCoopConfig(read(file), path.basename(file))
}

/** The same for text already at hand; `file` is what the messages call it. */
export function parseCoopConfig(source: string, file: string): CoopConfig {
  const lines = new LineCounter()
  const fail = (found: Found[]) => {
    const sorted = found.toSorted((a, b) => a.offset - b.offset)
    return new CoopConfigError(
      file,
      sorted.map(({ offset, message }) => `${file}:${lines.linePos(offset).line}: ${message}`),
    )
  }
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0)
    throw fail(document.errors.map(({ pos, message }) => ({ offset: pos[0], message: message.split('\n')[0] ?? '' })))
  if (!isMap(document.contents)) throw fail([{ offset: 0, message: 'must hold settings, like `name: My co-op`' }])
  const result = coopSchema.safeParse(document.toJS())
  if (!result.success) throw fail(result.error.issues.flatMap((issue) => describe(issue, document)))
  return deepFreeze(result.data)
}

type Found = { offset: number; message: string }

function describe(issue: z.core.$ZodIssue, document: Document): Found[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const at = [...issue.path, key]
      const message = `${named(at)} is not a setting here${didYouMean(key, settingNames)}`
      return { offset: offsetOf(document, at), message }
    })
  const missing = !document.hasIn(issue.path)
  const message = `${named(issue.path)} ${missing ? 'is missing; it ' : ''}${issue.message}`
  return [{ offset: offsetOf(document, issue.path), message }]
}

/** `tiers[1].recordingSpace` for the path ['tiers', 1, 'recordingSpace']. */
function named(at: PropertyKey[]): string {
  return at.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, '')
}

/** Where in the text this setting stands: its key in a mapping, its value in a list; where absent, what it belongs to. */
function offsetOf(document: Document, at: PropertyKey[]): number {
  if (at.length === 0) return startOf(document.contents)
  const parent: unknown = document.getIn(at.slice(0, -1), true)
  const last = at.at(-1)
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last)
    if (pair) return startOf(pair.key)
  }
  if (document.hasIn(at)) return startOf(document.getIn(at, true))
  return offsetOf(document, at.slice(0, -1))
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}

function read(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file; name another with --config' : message
    throw new CoopConfigError(file, [`${file}: ${why}`])
  }
  if (text.length > maxFileCharacters) throw new CoopConfigError(file, [`${file}: is larger than 1 MB`])
  return text
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}
