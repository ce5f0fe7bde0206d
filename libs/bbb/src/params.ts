/** Call parameters before they are put on the wire; undefined ones are left out. */
export type CallParams = Readonly<Record<string, string | number | boolean | undefined>>

// Tomcat, which serves BBB, has the same bound.
const maxParams = 1000

const decode = (text: string): string | undefined => {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return undefined
  }
}

/**
 * Decodes a raw query or form body. As in BBB the first of several values wins, a parameter that cannot be decoded is
 * ignored, and so is everything beyond the first 1000.
 */
export const parseQuery = (rawQuery: string): Map<string, string> => {
  const params = new Map<string, string>()
  if (rawQuery === '') return params
  for (const pair of rawQuery.split('&', maxParams)) {
    const equals = pair.indexOf('=')
    const name = decode(equals < 0 ? pair : pair.slice(0, equals))
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1))
    if (name !== undefined && name !== '' && value !== undefined && !params.has(name)) params.set(name, value)
  }
  return params
}

/** Encodes parameters as a raw query, in the order given. */
export const encodeQuery = (params: CallParams): string =>
  Object.entries(params)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&')

const metaName = /^meta_([a-zA-Z][a-zA-Z0-9-]*)$/

/** The `meta_*` parameters, without the prefix and in lower case, as BBB stores them; names it would not accept are ignored. */
export const metaParams = (params: ReadonlyMap<string, string>): Record<string, string> => {
  const found: Record<string, string> = {}
  for (const [name, value] of params) {
    const key = metaName.exec(name)?.[1]?.toLowerCase()
    if (key !== undefined && !Object.hasOwn(found, key)) found[key] = value
  }
  return found
}

/** A whole number, or undefined where it is absent or bad: BBB ignores bad numbers and takes its default. */
export const intParam = (params: ReadonlyMap<string, string>, name: string): number | undefined => {
  const value = params.get(name)
  if (value === undefined || !/^-?\d{1,15}$/.test(value)) return undefined
  return Number(value)
}

/** True or false as BBB reads it (any case), undefined where it is absent or anything else. */
export const boolParam = (params: ReadonlyMap<string, string>, name: string): boolean | undefined => {
  const value = params.get(name)?.toLowerCase()
  return value === 'true' ? true : value === 'false' ? false : undefined
}
