import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

type Check = [what: string, command: string, ...args: string[]]

const breaking: Check = ['proto against the last commit', 'buf', 'breaking', 'proto', '--against', '.git#subdir=proto']

// Everything that can be known without running the product. All of it runs, so that one look tells the whole truth.
const checks: Check[] = [
  ['types', 'tsc', '--noEmit', '-p', '.'],
  ['types of the pages', 'tsc', '--noEmit', '-p', 'services/portal/web'],
  ['lint', 'eslint', '.'],
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['proto', 'buf', 'lint', 'proto'],
  // What was committed is what others may have built on.
  ...(existsSync('.git') ? [breaking] : []),
]

const failed = checks.filter(([what, command, ...args]) => {
  process.stdout.write(`${what}\n`)
  return spawnSync(`node_modules/.bin/${command}`, args, { stdio: 'inherit' }).status !== 0
})
if (failed.length > 0) process.stdout.write(`\nnot well: ${failed.map(([what]) => what).join(', ')}\n`)
process.exitCode = failed.length > 0 ? 1 : 0
