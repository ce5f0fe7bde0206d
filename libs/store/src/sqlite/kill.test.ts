import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, test } from '@jest/globals'
import type { Envelope } from '@meetcoop/contracts'
import { sqlite } from '../conformance/engines.ts'
import type { Collection, Store } from '../store.ts'
import { openSqliteStore } from './sqlite-store.ts'

const rounds = 4
const writer = `${import.meta.dirname}/kill-writer.ts`

/** Lets a process write, kills it in the middle of it, and gives back the writes that it had been told were done. */
async function writeAndKill(path: string, prefix: string, ackedMin: number): Promise<string[]> {
  const child = spawn(process.execPath, [writer, path, prefix], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const acked: string[] = []
  for await (const line of createInterface(child.stdout)) if (acked.push(line) === ackedMin) child.kill('SIGKILL')
  expect(await exited).toEqual([null, 'SIGKILL'])
  return acked
}

async function allPages<T>(next: (after: string | undefined) => Promise<T[]>, id: (item: T) => string): Promise<T[]> {
  const all: T[] = []
  for (let page = await next(undefined); page.length > 0; page = await next(id(all.at(-1) as T))) all.push(...page)
  return all
}

async function takeAll(store: Store): Promise<Envelope[]> {
  const all: Envelope[] = []
  for (let some = await store.outbox.pending(1_000); some.length > 0; some = await store.outbox.pending(1_000)) {
    all.push(...some)
    await store.outbox.published(some, 1)
  }
  return all
}

test('kill -9 in the middle of writing: what was acknowledged is there, and nothing is there by half', async () => {
  const place = sqlite.place()
  const { path } = place.choice
  const acked: string[] = []
  for (let round = 0; round < rounds; round++) acked.push(...(await writeAndKill(path, `r${round}-`, 150 + 61 * round)))
  const store = openSqliteStore(path)
  const purses: Collection<{ sum: number }> = await store.collection('purses')
  const documents = await allPages(
    (after) => purses.page({ ...(after === undefined ? {} : { after }), limit: 1_000 }),
    (document) => document.id,
  )
  const versions = new Map(documents.map((document) => [document.id, document.version]))
  const lost = acked.map((line) => line.split(' ')).filter(([id = '', v]) => (versions.get(id) ?? 0) < Number(v))
  expect(acked.length).toBeGreaterThan(rounds * 150)
  expect(lost).toEqual([])
  for (const { version, state, handled } of documents) {
    expect(state.sum).toBe(version)
    expect(handled).toEqual(['c1', 'c2'].slice(0, version))
  }
  const whole = documents.flatMap(({ id, version }) =>
    [1, 2].slice(0, version).flatMap((v) => [`${id}.${v}.0`, `${id}.${v}.1`]),
  )
  expect((await takeAll(store)).map(({ id }) => id).sort()).toEqual(whole.sort())
  await store.close()
  await place.wipe()
})
