import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Wanted } from '../launcher/src/find-program.ts'

export const chromium: Wanted = {
  program: 'chromium',
  debianPackage: 'chromium',
  instead: 'put a Chromium named `chromium` on PATH',
}

/** The tests that drive a browser: only they need one. */
export function browserTests(root: string): string[] {
  const exclude = (name: string) => path.basename(name) === 'node_modules'
  const tests = globSync('{libs,services,e2e,infra}/**/*.test.ts', { cwd: root, exclude })
  return tests.filter((test) => /playwright-core/.test(readFileSync(path.join(root, test), 'utf8')))
}
