import type { Command } from 'commander'
import { fullNameOf, sources, type Envelope, type Source } from '@meetcoop/contracts'
import { Trouble } from '../endpoints.ts'
import type { Run } from '../main.ts'
import { moment, write } from '../output.ts'

const asLine = (event: Envelope) =>
  `${moment(event.occurredAtMs)}  ${fullNameOf(event.type).padEnd(44)}  ${event.id}  ${JSON.stringify(event.data)}`

function asCount(text: unknown): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 0 || count > 10_000)
    throw new Trouble('--last takes a whole number up to 10000')
  return count
}

export function events(program: Command, run: Run): void {
  const command = program.command('events').description('what happens, as it happens')
  command
    .command('tail')
    .description('the last events and then each new one, until Ctrl-C; a JSON object a line with --json')
    .option('--last <count>', 'how many old ones of each service first', '10')
    .option('--no-follow', 'print the old ones and end')
    .action(
      run(async ({ coop, json, options }) => {
        const bus = await coop.bus()
        const last = asCount(options.last)
        let heardAt = performance.now()
        const following = bus.follow({
          sources: Object.keys(sources) as Source[],
          last,
          onEvent: (event) => {
            heardAt = performance.now()
            write(json ? JSON.stringify(event) : asLine(event))
          },
          onError: (error) => process.stderr.write(`${(error as Error).message}\n`),
        })
        await new Promise<void>((resolve) => {
          process.once('SIGINT', () => resolve())
          if (options.follow === false)
            setInterval(() => performance.now() - heardAt > quietMs && resolve(), quietMs / 4).unref()
        })
        await following.stop()
      }),
    )
}

// Old events come in one burst; a second of silence means that it is over.
const quietMs = 1_000
