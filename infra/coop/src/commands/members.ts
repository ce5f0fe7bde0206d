import type { Command } from 'commander'
import { limitFromWire } from '@meetcoop/contracts'
import {
  MembershipQueryServiceService,
  type Member,
  type MembershipQueryServiceServer,
} from '@meetcoop/contracts/membership'
import { allPages } from '@meetcoop/service'
import type { Run } from '../main.ts'
import { bytes, moment, printRows, printThing } from '../output.ts'

const summary = (member: Member) => ({
  member: member.memberId,
  tier: member.tierId,
  hostAccounts: member.hostAccountIds.length,
  space: bytes(member.entitlements?.recordingSpaceBytes ?? 0),
  rightsUntil: moment(member.rightsUntilMs),
  admitted: moment(member.admittedAtMs),
})

export function members(program: Command, run: Run): void {
  const command = program.command('members').description('who belongs to the co-op, on what terms')
  command
    .command('list')
    .description('all members with their tier')
    .action(
      run(async ({ coop, json }) => {
        const membership = coop.ask<MembershipQueryServiceServer>('membership', MembershipQueryServiceService)
        const read = async (page: { after: string; limit: number }) => (await membership.listMembers(page)).members
        const all = await Array.fromAsync(allPages(read, (member) => member.memberId))
        printRows(all.map(summary), { json, empty: 'There are no members yet.' })
      }),
    )
  command
    .command('show <member>')
    .description('one member with its rights and host accounts; names stay with the member')
    .action(
      run(async ({ coop, json }, memberId: string) => {
        const membership = coop.ask<MembershipQueryServiceServer>('membership', MembershipQueryServiceService)
        const { member } = await membership.getMember({ memberId })
        if (!member) throw new Error(`membership answered without a member`)
        const { entitlements } = member
        const rights = {
          rooms: limitFromWire(entitlements?.personalRooms),
          sessionMinutes: limitFromWire(entitlements?.sessionMinutes),
          votes: entitlements?.vote ? 1 : 0,
          accounts: member.hostAccountIds.join(' '),
        }
        printThing({ ...summary(member), ...rights }, json)
      }),
    )
}
