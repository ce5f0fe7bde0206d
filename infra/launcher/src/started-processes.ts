import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { identify, isRunning } from '../pid-lock.mjs'

// Reads the pids that live now, one line for each change. When we are gone, however we went, it stops what is left.
const leashScript = `
while read -r pids; do held=$pids; done
[ -n "$held" ] || exit 0
kill $held
tries=0
while [ $tries -lt 70 ]; do
  alive=
  for pid in $held; do kill -0 $pid && alive=yes; done
  [ -n "$alive" ] || exit 0
  tries=$((tries + 1))
  sleep 0.1
done
kill -9 $held`

/** What this launcher has started and not yet seen end. */
export type StartedProcesses = { add(pid: number): void; remove(pid: number): void; close(): void }

/**
 * Children live outside our process group, so that ctrl-C reaches them only through us, in order. A small shell outside the
 * group too stops them if we are killed. `file` records them for the next start, for the case that the shell died as well.
 */
export function trackStartedProcesses(file?: string): StartedProcesses {
  const held = new Map<number, string>()
  const leash = spawn('sh', ['-c', leashScript], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  // A leash that was killed takes its pipe with it; the record in `file` is what is left then.
  leash.on('error', () => undefined)
  leash.stdin.on('error', () => undefined)
  leash.unref()
  const tell = () => {
    leash.stdin.write(`${[...held.keys()].join(' ')}\n`)
    if (file) writeFileSync(file, JSON.stringify([...held.values()]), { mode: 0o600 })
  }
  return {
    add: (pid) => {
      held.set(pid, identify(pid))
      tell()
    },
    remove: (pid) => {
      held.delete(pid)
      tell()
    },
    close: () => {
      leash.stdin.end()
      if (file && held.size === 0) rmSync(file, { force: true })
    },
  }
}

/** Stops what a launcher that was killed has left behind; waits until all of it is gone. Returns how many there were. */
export async function stopLeftOver(file: string): Promise<number> {
  const left = recorded(file).filter(isRunning)
  signal(left, 'SIGTERM')
  for (let tries = 0; tries < 80 && left.some(isRunning); tries++) await wait(100)
  signal(left, 'SIGKILL')
  rmSync(file, { force: true })
  return left.length
}

function signal(identities: string[], name: NodeJS.Signals) {
  for (const identity of identities) if (isRunning(identity)) process.kill(Number.parseInt(identity, 10), name)
}

function recorded(file: string): string[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return []
  }
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : []
  } catch {
    // Torn by a power cut: nothing that it named can still run.
    return []
  }
}
