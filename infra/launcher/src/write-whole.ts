import { renameSync, writeFileSync } from 'node:fs'

/** Writes JSON for this user's eyes only. Whoever reads sees the old file or the new one, whole, also after a power cut. */
export function writeWhole(file: string, content: unknown): void {
  const aside = `${file}.new`
  writeFileSync(aside, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(aside, file)
}
