import { join } from 'node:path'
import { Command } from 'commander'
import { deadLetters } from './commands/dead-letters.ts'
import { events } from './commands/events.ts'
import { hostAccounts } from './commands/host-accounts.ts'
import { meetings } from './commands/meetings.ts'
import { members } from './commands/members.ts'
import { nodes } from './commands/nodes.ts'
import { status } from './commands/status.ts'
import { openCoop, type Coop } from './co-op.ts'
import { Trouble } from './endpoints.ts'

type Invocation = { coop: Coop; json: boolean; options: Record<string, string | boolean | undefined> }

/** Wraps a command: opens the co-op, closes it, and tells trouble in one line. */
export type Run = (
  work: (invocation: Invocation, ...args: string[]) => Promise<void>,
) => (...args: unknown[]) => Promise<void>

const unavailable = 14
const notFound = 5

function tell(error: unknown): string {
  const { code, message, details } = error as Error & { code?: number; details?: string }
  if (error instanceof Trouble) return message
  if (code === unavailable) return 'the service does not answer; coop status tells more'
  if (code === notFound) return details ?? message
  return message
}

const run: Run =
  (work) =>
  async (...args) => {
    const command = args.at(-1) as Command
    const options = command.optsWithGlobals<Invocation['options']>()
    try {
      const coop = openCoop(String(options.state))
      try {
        await work({ coop, json: options.json === true, options }, ...(args.slice(0, -2) as string[]))
      } finally {
        await coop.close()
      }
    } catch (error) {
      process.stderr.write(`coop: ${tell(error)}\n`)
      process.exitCode = 1
    }
  }

const program = new Command('coop')
  .description('The operators’ command of the online meeting co-op.')
  .option(
    '--state <folder>',
    'where the running system keeps its state',
    process.env.COOP_STATE ?? join(import.meta.dirname, '../../../var'),
  )
  .option('--json', 'answers for machines')
  .showHelpAfterError()
for (const add of [status, members, nodes, meetings, events, deadLetters, hostAccounts]) add(program, run)
await program.parseAsync()
