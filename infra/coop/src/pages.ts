const pageSize = 500
const pagesMax = 200

/** Reads a paged list to its end, at most 100,000 things. */
export async function allPages<T>(
  read: (after: string, limit: number) => Promise<T[]>,
  idOf: (thing: T) => string,
): Promise<T[]> {
  const all: T[] = []
  for (let page = 0; page < pagesMax; page++) {
    const last = all.at(-1)
    const things = await read(last === undefined ? '' : idOf(last), pageSize)
    all.push(...things)
    if (things.length < pageSize) break
  }
  return all
}
