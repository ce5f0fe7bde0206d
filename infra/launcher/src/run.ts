import { CoopConfigError } from '@meetcoop/service/coop-config'
import { readSettings, usage } from './settings.ts'
import { start } from './start.ts'
import { StartFailure } from './start-failure.ts'

/** Runs the launcher to its end on a repository folder; returns the exit code. */
export async function run(args: string[], root: string): Promise<number> {
  const say = (line: string) => void process.stdout.write(`${line}\n`)
  const stopping = new AbortController()
  // Ctrl-C arrives several times: from the terminal, from npm and from the bootstrap. One stop is enough.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
  try {
    const settings = readSettings(args, root)
    if (settings.help) say(usage)
    else await start({ settings, root, env: process.env, say, signal: stopping.signal })
    return 0
  } catch (error) {
    if (stopping.signal.aborted && error === stopping.signal.reason) return 0
    process.stderr.write(`\nCannot start: ${explain(error)}\n`)
    return 1
  }
}

/** One clear line for what a person can mend; the stack for what is our own mistake. */
function explain(error: unknown): string {
  if (error instanceof StartFailure || error instanceof CoopConfigError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
