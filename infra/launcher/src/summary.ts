import path from 'node:path'
import type { Endpoints } from './endpoints.ts'
import type { StateDir } from './state-dir.ts'

/** What a person wants to know once everything runs. */
export function summary(
  found: Endpoints,
  { state, name, seconds }: { state: StateDir; name: string; seconds: string },
) {
  const here = (file: string) => path.relative(process.cwd(), file) || '.'
  const rows: [string, string][] = [
    ['Dashboard', found.portal],
    ['Operator token', found.operatorToken],
    ['BBB API', found.bbb.url],
    ['BBB secret', found.bbb.tenants[0]?.secret ?? ''],
  ]
  if (found.sandbox) rows.push(['OpenCollective', `${found.sandbox.opencollective} (simulated)`])
  else rows.push(['Webhook', `${found.opencollectiveWebhook} (give it to OpenCollective)`])
  rows.push(['Kept in', `${here(state.dir)} (logs: ${here(state.logDir)}, addresses: ${here(state.endpoints)})`])
  const table = rows.map(([label, value]) => `  ${label.padEnd(16)}${value}`).join('\n')
  const demo = '  npm run demo              a contribution becomes rights, a meeting, a recording\n'
  return `
${name} is up after ${seconds} s.

${table}

Try next, in a second terminal:
${found.sandbox ? demo : ''}  npm run coop -- status    how everything is

Ctrl-C stops everything; nothing is lost.
`
}
