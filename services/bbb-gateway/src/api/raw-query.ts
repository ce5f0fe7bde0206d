const nameOf = (pair: string): string => {
  const equals = pair.indexOf('=')
  const name = equals < 0 ? pair : pair.slice(0, equals)
  if (!name.includes('%')) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/**
 * The query with another value for a parameter, wherever it stood; everything else stays as it was written. As in BBB
 * the first of several counts; the others are left out, so that no two readers can disagree.
 */
export function withParam(rawQuery: string, name: string, value: string): string {
  const others = rawQuery.split('&').filter((pair) => pair !== '' && nameOf(pair) !== name)
  return [...others, `${name}=${encodeURIComponent(value)}`].join('&')
}

/** The raw query of a request's URL. */
export function rawQueryOf(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at + 1)
}
