import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// Simulators stand for the world outside, and that knows names.
const outside = new Set(['opencollective.log', 'node-1.log', 'node-2.log'])

/** The files below the folders that hold the text, in UTF-8. */
export function filesWith(text: string, folders: readonly string[]): string[] {
  const wanted = Buffer.from(text)
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !outside.has(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => readFileSync(file).includes(wanted)),
  )
}
