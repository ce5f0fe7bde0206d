import type { Command } from 'commander'
import { NodeQueryServiceService, type NodeQueryServiceServer } from '@meetcoop/contracts/node-orchestration'
import { Trouble } from '../endpoints.ts'
import type { Run } from '../main.ts'
import { moment, printRows, printThing } from '../output.ts'

export function nodes(program: Command, run: Run): void {
  const command = program.command('nodes').description('the BigBlueButton nodes that meetings live on')
  command
    .command('list')
    .description('all nodes, how they are and what they carry')
    .action(
      run(async ({ coop, json }) => {
        const { nodes } = await coop
          .ask<NodeQueryServiceServer>('node-orchestration', NodeQueryServiceService)
          .listNodes({})
        const rows = nodes.map((node) => ({
          node: node.nodeId,
          status: node.status.toLowerCase(),
          region: node.region,
          meetings: node.meetings,
          participants: node.participants,
          load: Math.round(node.load * 10) / 10,
          seen: moment(node.seenAtMs),
          url: node.url,
        }))
        printRows(rows, { json, empty: 'There are no nodes. Add one with coop nodes add.' })
      }),
    )
  command
    .command('add <node> <url>')
    .description('register a node; <url> ends in /bigbluebutton/api/')
    .requiredOption('--secret-env <name>', 'the environment variable that holds the node’s BBB secret')
    .option('--region <region>', 'where it stands', 'default')
    .action(
      run(async ({ coop, json, options }, nodeId: string, url: string) => {
        const secret = process.env[String(options.secretEnv)]
        if (!secret) throw new Trouble(`the environment variable ${options.secretEnv} is empty`)
        await coop.command('POST', 'node-orchestration', '/operator/nodes', {
          nodeId,
          url,
          secret,
          region: options.region,
        })
        printThing({ node: nodeId, status: 'registered' }, json)
      }),
    )
  command
    .command('drain <node>')
    .description('place nothing new on the node; what runs there goes on')
    .action(
      run(async ({ coop, json }, nodeId: string) => {
        await coop.command('POST', 'node-orchestration', `/operator/nodes/${encodeURIComponent(nodeId)}/drain`)
        printThing({ node: nodeId, status: 'draining' }, json)
      }),
    )
  command
    .command('remove <node>')
    .description('retire the node; drain it first, so that no meeting is on it')
    .action(
      run(async ({ coop, json }, nodeId: string) => {
        await coop.command('DELETE', 'node-orchestration', `/operator/nodes/${encodeURIComponent(nodeId)}`)
        printThing({ node: nodeId, status: 'retired' }, json)
      }),
    )
}
