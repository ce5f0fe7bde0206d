import { afterEach, expect, test } from '@jest/globals'
import type { Envelope } from '@meetcoop/contracts'
import { startRelay, type Relay } from '../relay.ts'
import type { Store } from '../store.ts'
import { useStore, type Engine } from './engines.ts'
import { event, idsOf, type Purse } from './purse.ts'
import { until } from './until.ts'

export function relaying(engine: Engine): void {
  const bench = useStore(engine)
  let relays: Relay[] = []
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()))
    relays = []
  })
  /** A bus that has on disk what is in `sent`, and refuses what `fails` says. */
  const bus = (fails: (event: Envelope) => boolean = () => false) => {
    const sent: Envelope[] = []
    const errors: { error: unknown; atMs: number }[] = []
    let calls = 0
    const publish = async (event: Envelope) => {
      calls++
      if (fails(event)) throw new Error(`no ${event.id}`)
      await new Promise(setImmediate)
      sent.push(event)
    }
    const onError = (error: unknown) => void errors.push({ error, atMs: performance.now() })
    const relay = (store: Store) => {
      const relay = startRelay(store, { publish, nowMs: () => 9_000, onError })
      relays.push(relay)
      return relay
    }
    const of = (id: string) => idsOf(sent.filter((e) => e.aggregateId === id))
    return { sent, errors, relay, of, calls: () => calls }
  }
  const fill = async (store: Store, id: string, versions: number, from = 1) => {
    const c = await store.collection<Purse>('purses')
    for (let v = from; v < from + versions; v++)
      await c.write({ id, expectedVersion: v - 1, state: { sum: v }, events: [event(id, v)] })
  }
  const line = (id: string, versions: number) => Array.from({ length: versions }, (_, n) => `${id}.${n + 1}.0`)

  test('what is pending at the start and what is written later is published, in order of the aggregate', async () => {
    await fill(bench.store, 'a', 3)
    const { relay, of } = bus()
    relay(bench.store)
    await fill(bench.store, 'a', 3, 4)
    await fill(bench.store, 'b', 3)
    await until(() => of('a').length === 6 && of('b').length === 3)
    expect([of('a'), of('b')]).toEqual([line('a', 6), line('b', 3)])
    await until(async () => (await bench.store.outbox.pending(10)).length === 0)
    expect((await bench.store.outbox.log(undefined, 100)).events).toHaveLength(9)
  })

  test('behind a failing event its aggregate waits and no other does; later it follows in order', async () => {
    let broken = true
    const { relay, of, errors } = bus((e) => broken && e.id === 'a.2.0')
    await fill(bench.store, 'a', 150)
    await fill(bench.store, 'b', 3)
    relay(bench.store)
    await until(() => of('b').length === 3)
    expect([of('a'), of('b')]).toEqual([['a.1.0'], line('b', 3)])
    broken = false
    await until(() => of('a').length === 150)
    expect(of('a')).toEqual(line('a', 150))
    expect(String(errors[0]?.error)).toContain('no a.2.0')
  })

  test('drain resolves when everything is published, and throws why it cannot be', async () => {
    let broken = false
    const { relay, sent } = bus(() => broken)
    const draining = relay(bench.store)
    await fill(bench.store, 'a', 5)
    await draining.drain()
    expect(idsOf(sent)).toEqual(line('a', 5))
    broken = true
    await fill(bench.store, 'b', 1)
    await expect(draining.drain()).rejects.toThrow('no b.1.0')
  })

  test('nothing is published after stop, and the next relay goes on', async () => {
    const [first, second] = [bus(), bus()]
    await first.relay(bench.store).stop()
    const before = first.calls()
    await fill(bench.store, 'a', 2)
    second.relay(await bench.reopen())
    await until(() => second.of('a').length === 2)
    expect(first.calls()).toBe(before)
  })

  test('while the bus is away, writes do not turn the pause into a busy loop', async () => {
    const { relay, calls, errors } = bus(() => true)
    relay(bench.store)
    await fill(bench.store, 'a', 1)
    await until(() => errors.length === 1)
    await fill(bench.store, 'b', 100)
    await until(() => errors.length === 4)
    const pausesMs = errors.slice(1).map(({ atMs }, n) => atMs - (errors[n]?.atMs ?? 0))
    expect(Math.min(...pausesMs)).toBeGreaterThan(400)
    expect(calls()).toBeLessThanOrEqual(2 * errors.length)
  })

  test('two relays at once publish each event under one id, first in order', async () => {
    const { relay, of } = bus()
    for (const id of ['a', 'b', 'c']) await fill(bench.store, id, 20)
    const both = [relay(bench.store), relay(await bench.reopen())]
    await Promise.all(both.map((one) => one.drain()))
    for (const id of ['a', 'b', 'c']) expect([...new Set(of(id))]).toEqual(line(id, 20))
    expect((await bench.store.outbox.log(undefined, 1_000)).events).toHaveLength(60)
  })
}
