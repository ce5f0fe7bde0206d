/** `, did you mean …?` when one of the known words is a slip of the finger or two away; else nothing. */
export function didYouMean(word: string, known: string[]): string {
  const near = known
    .map((each) => ({ each, edits: editsBetween(word.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, edits }) => edits <= Math.min(3, each.length / 3))
    .sort((a, b) => a.edits - b.edits)[0]
  return near ? `, did you mean ${near.each}?` : ''
}

/** Levenshtein distance, row by row. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries())
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
