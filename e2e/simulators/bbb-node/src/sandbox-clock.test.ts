import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { until } from './node-under-test.ts'
import { sandboxClock } from './sandbox-clock.ts'

const dir = mkdtempSync(join(tmpdir(), 'clock-'))
const file = join(dir, 'clock.json')
afterAll(() => rmSync(dir, { recursive: true }))

const write = (text: string) => {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}
const aheadMs = (clock: { nowMs(): number }) => clock.nowMs() - Date.now()

test('without a file it is the machine’s clock', () => expect(aheadMs(sandboxClock(undefined))).toBeCloseTo(0, -2))

test('it follows the file, and keeps the last offset while the file cannot be read', async () => {
  const clock = sandboxClock(file)
  expect(aheadMs(clock)).toBeLessThan(1000)
  write('{"offsetMs":86400000}')
  await until('a day ahead', () => aheadMs(clock) > 86_000_000)
  write('{"offs')
  write('{"offsetMs":172800000}')
  await until('two days ahead', () => aheadMs(clock) > 172_000_000)
  rmSync(file)
  expect(aheadMs(clock)).toBeGreaterThan(172_000_000)
})

test('an offset that is no number is refused', () => {
  const bad = join(dir, 'bad.json')
  writeFileSync(bad, '{"offsetMs":"1"}')
  expect(() => sandboxClock(bad).nowMs()).toThrow('offsetMs is not a number')
})
