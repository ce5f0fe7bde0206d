import { Gauge, type Registry } from 'prom-client'
import type { Memory } from '../memory/memory.ts'

/** How much the gateway knows: none of it while it should is the first thing to look at. */
export function tellMetrics(registry: Registry, memory: Memory): void {
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value())
      },
    })
  gauge('gateway_members', 'Members whose tenants may call', () => memory.memberIds().length)
  gauge('gateway_meetings', 'Live meetings in memory', () => memory.meetings().length)
}
