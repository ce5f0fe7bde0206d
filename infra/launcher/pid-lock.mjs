// A lock file that holds its owner's process id. Plain JavaScript: bootstrap.mjs needs it before Node 24 is there.
import fs from 'node:fs'

/** `pid:start` names one process for good: a later process with the same pid has another start time (Linux). */
export function identify(pid) {
  return `${pid}:${stat(pid)?.startTicks ?? ''}`
}

/** True while the process that `identify` named still runs. */
export function isRunning(identity) {
  const pid = Number.parseInt(identity, 10)
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return false
  }
  const now = stat(pid)
  return now === undefined || (now.state !== 'Z' && identity === `${pid}:${now.startTicks}`)
}

/** Takes the lock, or returns the pid of the running process that holds it. A dead owner's lock is taken over. */
export function tryLock(file) {
  const mine = `${file}.${process.pid}`
  fs.writeFileSync(mine, identify(process.pid))
  try {
    // A bounded number of rounds: each one ends with us or somebody else holding the lock.
    for (let round = 0; round < 100; round++) {
      try {
        fs.linkSync(mine, file)
        return undefined
      } catch (error) {
        if (error.code !== 'EEXIST') throw error
      }
      const owner = read(file)
      if (owner !== undefined && isRunning(owner)) return Number.parseInt(owner, 10)
      if (owner !== undefined) removeStale(file, owner)
    }
    throw new Error(`${file} changes hands too fast`)
  } finally {
    fs.rmSync(mine, { force: true })
  }
}

export function unlock(file) {
  if (read(file) === identify(process.pid)) fs.rmSync(file, { force: true })
}

/** Moved away before it is removed: of two that find the same dead owner, the slower must not remove the faster's lock. */
function removeStale(file, owner) {
  const aside = `${file}.${process.pid}.stale`
  try {
    fs.renameSync(file, aside)
  } catch (error) {
    if (error.code === 'ENOENT') return
    throw error
  }
  if (read(aside) === owner) fs.rmSync(aside)
  else fs.renameSync(aside, file)
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** State and start time from /proc; undefined where there is no /proc. */
function stat(pid) {
  let text
  try {
    text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0], startTicks: fields[19] }
}
