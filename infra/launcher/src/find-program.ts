import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { StartFailure } from './start-failure.ts'

/** Debian puts servers where an ordinary user's PATH does not look. */
const alsoLookIn = ['/usr/local/sbin', '/usr/sbin', '/sbin']

export type Wanted = { program: string; debianPackage: string; instead: string }

/** The program's full path, or undefined. */
export function findProgram(program: string, searchPath = process.env.PATH ?? ''): string | undefined {
  const folders = [...searchPath.split(path.delimiter).filter((folder) => folder !== ''), ...alsoLookIn]
  return folders.map((folder) => path.join(folder, program)).find(isExecutable)
}

/**
 * Paths of all these programs, by name; what is missing is installed by apt where that can be done without asking.
 * @throws StartFailure with the command to run and the alternative, when something is missing and cannot be installed.
 */
export async function provide(wanted: Wanted[], say: (line: string) => void): Promise<Record<string, string>> {
  const missing = wanted.filter(({ program }) => !findProgram(program))
  if (missing.length > 0) await install(missing, say)
  return Object.fromEntries(wanted.map(({ program }) => [program, findProgram(program) ?? '']))
}

async function install(missing: Wanted[], say: (line: string) => void) {
  const names = missing.map(({ program }) => program).join(' and ')
  const packages = missing.map(({ debianPackage }) => debianPackage)
  if (process.getuid?.() !== 0 || !isDebian()) throw notThere(missing, `${names} not found`)
  say(`installing ${packages.join(' and ')} with apt-get`)
  // A fresh machine has no package lists yet, and old lists name files that are gone: then update, and once more.
  const arrived = (await aptInstall(packages)) || ((await aptGet('update')) && (await aptInstall(packages)))
  if (!arrived || missing.some(({ program }) => !findProgram(program)))
    throw notThere(missing, `apt-get could not install ${packages.join(' and ')}`)
}

function notThere(missing: Wanted[], what: string) {
  const packages = missing.map(({ debianPackage }) => debianPackage).join(' ')
  const instead = [...new Set(missing.map((each) => each.instead))].join('; ')
  return new StartFailure(`${what}. Run: sudo apt-get install ${packages} (or ${instead})`)
}

const aptInstall = (packages: string[]) => aptGet('install', '--yes', '--no-install-recommends', ...packages)

/** True when it went well; its chatter stays off the terminal. */
function aptGet(...args: string[]): Promise<boolean> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const child = spawn('apt-get', ['-q', ...args], { stdio: 'ignore', env })
  return new Promise((resolve) => {
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })
}

function isDebian(): boolean {
  if (!existsSync('/etc/os-release') || !findProgram('apt-get')) return false
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
