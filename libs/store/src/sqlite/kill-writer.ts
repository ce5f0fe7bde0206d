import { openSqliteStore } from './sqlite-store.ts'
import { event } from '../conformance/purse.ts'

/** Writes documents one after the other, two versions each, and says so only after each one is written. */
const [path = '', prefix = ''] = process.argv.slice(2)
const purses = await openSqliteStore(path).collection('purses')
for (let n = 0; ; n++) {
  const id = `${prefix}${n}`
  for (const version of [1, 2]) {
    const events = [event(id, version, 0), event(id, version, 1)]
    await purses.write({ id, expectedVersion: version - 1, state: { sum: version }, causeId: `c${version}`, events })
    process.stdout.write(`${id} ${version}\n`)
  }
}
