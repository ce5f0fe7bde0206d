import { readFileSync } from 'node:fs'
import { Gauge, type Registry } from 'prom-client'

/**
 * Memory of this process with each shared page divided by those who share it (PSS, see proc(5)): the figures of several
 * services add up to what the machine has given. The resident size would count Node itself once for each of them.
 */
export function measureMemory(metrics: Registry): void {
  new Gauge({
    name: 'process_proportional_memory_bytes',
    help: 'Memory of the process, shared pages divided by their users',
    registers: [metrics],
    collect() {
      this.set(proportionalBytes() ?? process.memoryUsage.rss())
    },
  })
}

function proportionalBytes(): number | undefined {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch (error) {
    // Not every system has it, and not every container may read it.
    if (['ENOENT', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
