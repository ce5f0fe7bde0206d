import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { openShelf } from './shelf.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meetcoop-shelf-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const gather = async (shelf: ReturnType<typeof openShelf>, text: string) =>
  writeFileSync(join(await shelf.begin('r', 'video'), 'film'), text)

test('a recording appears whole, and only when it is finished', async () => {
  const shelf = openShelf(folder)
  await gather(shelf, 'whole')
  expect(existsSync(join(shelf.root, 'r'))).toBe(false)
  await shelf.finish('r', 'video')
  expect(readFileSync(join(shelf.root, 'r/video/film'), 'utf8')).toBe('whole')
})

test('what a crash left half gathered is gone after the next start, and what was finished is not', async () => {
  const before = openShelf(folder)
  await gather(before, 'first')
  await before.finish('r', 'video')
  await gather(before, 'ha')
  const after = openShelf(folder)
  expect(readdirSync(join(after.root, '.incoming'))).toEqual([])
  expect(readFileSync(join(after.root, 'r/video/film'), 'utf8')).toBe('first')
})

test('fetched again it takes the place of what was there', async () => {
  const shelf = openShelf(folder)
  for (const text of ['first', 'second']) {
    await gather(shelf, text)
    await shelf.finish('r', 'video')
  }
  expect(readFileSync(join(shelf.root, 'r/video/film'), 'utf8')).toBe('second')
})
