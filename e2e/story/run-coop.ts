import { execFile } from 'node:child_process'
import { join } from 'node:path'

const main = join(import.meta.dirname, '../../infra/coop/src/main.ts')
const runWithinMs = 30_000

export type Ran = { code: number; out: string; error: string }

/** Runs the operators' command as a person would. */
export const runCoop = (stateDir: string, args: string[], env: Record<string, string> = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { timeout: runWithinMs, env: { ...process.env, ...env } }
    const child = execFile(process.execPath, [main, ...args, '--state', stateDir], options, (_failed, out, error) =>
      resolve({ code: child.exitCode ?? -1, out, error }),
    )
  })
