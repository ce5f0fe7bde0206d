// One step of the set-up that is done again only when its inputs have changed. Plain JavaScript for Node 20.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

const notInputs = new Set(['node_modules', 'dist', 'gen', 'var', '.git'])

/** SHA-256 over the names and bytes of these files and of all files below these folders; what is absent counts as absent. */
export function fingerprint(root, inputs) {
  const hash = createHash('sha256')
  for (const input of inputs) {
    for (const file of filesAt(path.join(root, input)))
      hash
        .update(`${path.relative(root, file)}\0`)
        .update(fs.readFileSync(file))
        .update('\0')
  }
  return hash.digest('hex')
}

/** A step with its stamp. The stamp lies inside what the step makes, so that whoever removes that removes both. */
export function isDone(root, step) {
  const stamp = path.join(root, step.stamp)
  return fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === fingerprint(root, step.inputs)
}

export function markDone(root, step) {
  fs.writeFileSync(path.join(root, step.stamp), fingerprint(root, step.inputs))
}

function filesAt(place) {
  const found = fs.statSync(place, { throwIfNoEntry: false })
  if (!found) return []
  if (found.isFile()) return [place]
  const names = fs.readdirSync(place).filter((name) => !notInputs.has(name))
  return names.sort().flatMap((name) => filesAt(path.join(place, name)))
}
