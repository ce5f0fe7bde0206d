const pageSize = 500
const pagesMax = 200

/** Every item of a list that is answered a page at a time in order of an id; 100,000 at most. */
export async function* allPages<Item>(
  ask: (page: { after: string; limit: number }) => Promise<readonly Item[]>,
  idOf: (item: Item) => string,
): AsyncGenerator<Item> {
  let after = ''
  for (let page = 0; page < pagesMax; page++) {
    const items = await ask({ after, limit: pageSize })
    yield* items
    const last = items.at(-1)
    if (!last || items.length < pageSize) return
    after = idOf(last)
  }
}
