import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import path from 'node:path'

/** `nginx (process 12)`: who listens on this TCP port or connects from it, as far as /proc tells us. */
export function portOwner(port: number): string | undefined {
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => socketsOn(port, table))
  if (sockets.length === 0) return undefined
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsAny(name, sockets))
  return pid && `${programOf(pid)} (process ${pid})`
}

function socketsOn(port: number, table: string): string[] {
  if (!existsSync(table)) return []
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = readFileSync(table, 'utf8').split('\n').slice(1)
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local]) => local?.endsWith(suffix))
    .map((columns) => `socket:[${columns[9]}]`)
}

function holdsAny(pid: string, sockets: string[]): boolean {
  try {
    const dir = `/proc/${pid}/fd`
    return readdirSync(dir).some((fd) => sockets.includes(readlinkSync(path.join(dir, fd))))
  } catch {
    // Gone meanwhile, or another user's: then we cannot tell.
    return false
  }
}

function programOf(pid: string): string {
  const [program = 'a program', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  const script = args.find((arg) => /\.[cm]?[jt]s$/.test(arg))
  return script ? `${path.basename(program)} ${script}` : path.basename(program)
}
