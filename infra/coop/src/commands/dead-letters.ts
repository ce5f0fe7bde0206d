import type { Command } from 'commander'
import { Trouble } from '../endpoints.ts'
import type { Run } from '../main.ts'
import { printRows, printThing } from '../output.ts'

const listMax = 1_000

export function deadLetters(program: Command, run: Run): void {
  const command = program.command('dead-letters').description('messages that a service could not handle')
  command
    .command('list')
    .description('from the oldest, with the reason')
    .action(
      run(async ({ coop, json }) => {
        const bus = await coop.bus()
        const letters = await bus.deadLetters.list(listMax)
        printRows(letters, { json, empty: 'There are no dead letters.' })
      }),
    )
  command
    .command('redrive [sequence]')
    .description('give a message to its service once more, after the cause was put right')
    .option('--all', `all of them, at most ${listMax}`)
    .action(
      run(async ({ coop, json, options }, sequence?: string) => {
        if (!sequence && !options.all) throw new Trouble('name a sequence from coop dead-letters list, or --all')
        const bus = await coop.bus()
        const wanted = options.all
          ? (await bus.deadLetters.list(listMax)).map((letter) => letter.sequence)
          : [Number(sequence)]
        let redriven = 0
        for (const each of wanted) if (await bus.deadLetters.redrive(each)) redriven++
        if (!options.all && redriven === 0) throw new Trouble(`there is no dead letter ${sequence}`)
        printThing({ redriven }, json)
      }),
    )
}
