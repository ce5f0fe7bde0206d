import { accessSync, constants, mkdirSync } from 'node:fs'
import path from 'node:path'
import { tryLock, unlock } from '../pid-lock.mjs'
import { StartFailure } from './start-failure.ts'

export type StateDir = ReturnType<typeof stateFiles>

/** Where what lies in the state folder. Each service and server has its own folder beside these. */
export function stateFiles(dir: string) {
  return {
    dir,
    logDir: path.join(dir, 'log'),
    secrets: path.join(dir, 'secrets.json'),
    lock: path.join(dir, 'run/launcher.lock'),
    children: path.join(dir, 'run/children.json'),
    endpoints: path.join(dir, 'run/endpoints.json'),
    clock: path.join(dir, 'run/clock.json'),
  }
}

/**
 * Makes the state folder ours alone until `release`. A launcher that died gives up its hold by dying.
 * @throws StartFailure when it cannot be written, or when another launcher runs on it.
 */
export function holdStateDir(dir: string): StateDir & { release: () => void } {
  const files = stateFiles(dir)
  try {
    for (const each of [dir, files.logDir, path.dirname(files.lock)]) {
      mkdirSync(each, { recursive: true, mode: 0o700 })
      accessSync(each, constants.W_OK | constants.X_OK)
    }
  } catch (error) {
    const why = (error as Error).message
    throw new StartFailure(
      `cannot write to the state folder ${dir} (${why}). Give yourself the right to (chown, chmod), or choose another: npm start -- --state DIR`,
    )
  }
  const owner = tryLock(files.lock)
  if (owner !== undefined)
    throw new StartFailure(
      `process ${owner} already runs this co-op on ${dir}. Stop it first (ctrl-C there, or kill ${owner}), or choose another folder: npm start -- --state DIR --port-base N`,
    )
  return { ...files, release: () => unlock(files.lock) }
}
