import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import path from 'node:path'
import { gist, rotate } from './log-file.ts'
import type { StartedProcesses } from './started-processes.ts'

const firstPauseMs = 200
const longestPauseMs = 5_000
/** Having run for so long, a program has started well: its next end is a new story. */
const settledMs = 10_000

export type Program = {
  name: string
  command: string
  args: string[]
  env: NodeJS.ProcessEnv
  /** True once it does its work; asked again and again while it starts. */
  isReady: () => Promise<boolean>
}

export type Around = { logDir: string; started: StartedProcesses; say: (line: string) => void }

export type Supervised = {
  name: string
  logFile: string
  isReady: () => Promise<boolean>
  /** How often it has ended since the start without being asked to. */
  ends: () => number
  /** What its log says about the last end. */
  gist: () => string
  /** SIGTERM, and SIGKILL after `patienceMs`; resolves when the process is gone. */
  stop: (patienceMs: number) => Promise<void>
}

/** Runs a program and starts it again whenever it ends, pausing 0.2 s to 5 s, until told to stop. */
export function supervise(program: Program, { logDir, started, say }: Around): Supervised {
  const logFile = path.join(logDir, `${program.name}.log`)
  let running: ChildProcess | undefined
  let again: NodeJS.Timeout | undefined
  let stopping = false
  let ends = 0
  let pauseMs = firstPauseMs
  rotate(logFile)

  const run = () => {
    const startedAt = performance.now()
    const log = openSync(logFile, 'a', 0o600)
    const child = spawn(program.command, program.args, {
      env: program.env,
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    running = child
    if (child.pid) started.add(child.pid)
    const ended = (how: string) => {
      if (running !== child) return
      running = undefined
      if (child.pid) started.remove(child.pid)
      if (stopping) return
      ends++
      if (performance.now() - startedAt > settledMs) pauseMs = firstPauseMs
      const why = gist(logFile)
      say(`${program.name} ended (${how}), starting it again in ${pauseMs / 1000} s${why && `; its log says: ${why}`}`)
      again = setTimeout(run, pauseMs)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
    child.on('error', (error) => ended(error.message))
    child.on('exit', (code, signal) => ended(signal ?? `exit code ${code}`))
  }
  run()

  return {
    name: program.name,
    logFile,
    isReady: program.isReady,
    ends: () => ends,
    gist: () => gist(logFile),
    stop: async (patienceMs) => {
      stopping = true
      clearTimeout(again)
      const child = running
      if (!child) return
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      const lastResort = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      child.kill('SIGTERM')
      await gone
      clearTimeout(lastResort)
    },
  }
}
