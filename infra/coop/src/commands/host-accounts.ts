import type { Command } from 'commander'
import type { Run } from '../main.ts'
import { printThing } from '../output.ts'

type Opened = { id: string; secret: string; url: string }

export function hostAccounts(program: Command, run: Run): void {
  const command = program
    .command('host-accounts')
    .description('what lets Greenlight, Moodle or Nextcloud use the co-op’s BBB')
  command
    .command('open <member>')
    .description('one host account more than the tier gives, as agreed with the member')
    .requiredOption('--reason <text>', 'what was agreed')
    .action(
      run(async ({ coop, json, options }, memberId: string) => {
        const path = `/operator/members/${encodeURIComponent(memberId)}/host-accounts`
        printThing((await coop.command('POST', 'membership', path, { reason: options.reason })) as Opened, json)
      }),
    )
  command
    .command('rotate <host-account>')
    .description('a new API secret; the old one stays good for the overlap')
    .option('--overlap-hours <hours>', 'how long both are good', '24')
    .action(
      run(async ({ coop, json, options }, id: string) => {
        const path = `/operator/host-accounts/${encodeURIComponent(id)}/rotate`
        const body = { overlapHours: Number(options.overlapHours) }
        printThing((await coop.command('POST', 'membership', path, body)) as Opened, json)
      }),
    )
}
