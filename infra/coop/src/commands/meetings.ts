import type { Command } from 'commander'
import { PlacementServiceService, type PlacementServiceServer } from '@meetcoop/contracts/node-orchestration'
import { allPages } from '@meetcoop/service'
import type { Run } from '../main.ts'
import { moment, printRows } from '../output.ts'

export function meetings(program: Command, run: Run): void {
  const command = program.command('meetings').description('the meetings that live now')
  command
    .command('list')
    .description('each meeting with its node and tenant; the names tenants give them are not told')
    .action(
      run(async ({ coop, json }) => {
        const placements = coop.ask<PlacementServiceServer>('node-orchestration', PlacementServiceService)
        const read = async (page: { after: string; limit: number }) =>
          (await placements.listPlacements(page)).placements
        const live = await Array.fromAsync(allPages(read, ({ placement }) => placement?.meetingKey ?? ''))
        const rows = live.flatMap(({ placement }) =>
          placement
            ? {
                meeting: placement.placementId,
                node: placement.nodeId,
                status: placement.status.toLowerCase(),
                recorded: placement.recorded,
                peak: placement.participantsPeak,
                minutes: Math.round(placement.participantMinutes),
                started: moment(placement.startedAtMs),
              }
            : [],
        )
        printRows(rows, { json, empty: 'No meeting is running.' })
      }),
    )
}
