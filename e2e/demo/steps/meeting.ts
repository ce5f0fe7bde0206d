import assert from 'node:assert/strict'
import library from 'bigbluebutton-js'
import { NodeQueryServiceService, type NodeQueryServiceServer } from '@meetcoop/contracts/node-orchestration'
import type { Step, Story } from '../story.ts'
import { minute, type World } from '../world.ts'

const attendeePW = 'listen'
const moderatorPW = 'moderate'
const minutesTogether = 30

/** The member's host account in the hands of a BBB client library that knows nothing of us. */
export function bbbOf({ world, hostAccounts: [account] }: Story) {
  const gateway = world.endpoints.services['bbb-gateway']?.url
  return library.api(`${gateway}/t/${account?.tenantId}/bigbluebutton`, account?.secrets[0] ?? '')
}

/** 4. A foreign client creates a recorded meeting; it is placed on the less loaded node. */
export const create: Step = {
  title: 'a BBB client creates a recorded meeting through the gateway',
  run: async (story) => {
    const { world } = story
    const nodes = world.ask<NodeQueryServiceServer>('node-orchestration', NodeQueryServiceService)
    const before = (await world.until('the nodes', () => nodes.listNodes({}))).nodes
    story.meetingId = `assembly-${story.orderId}`
    const url = bbbOf(story).administration.create('Assembly', story.meetingId, {
      record: true,
      attendeePW,
      moderatorPW,
    })
    const created = await world.until('create', async () => {
      const answer = await library.http(url)
      if (answer.returncode !== 'SUCCESS') throw new Error(String(answer.messageKey))
      return answer
    })
    assert.equal(created.meetingID, story.meetingId)
    const tenantId = story.hostAccounts[0]?.tenantId
    const event = await world.event('MeetingPlaced', ({ placement }) => placement?.tenantId === tenantId)
    await world.event('MeetingStarted', ({ placement }) => placement?.tenantId === tenantId)
    const ready = before.filter((node) => node.status === 'READY')
    const lightest = Math.min(...ready.map((node) => node.load))
    const { placement } = event.data
    assert.ok(placement)
    story.meeting = placement
    const { nodeId } = placement
    assert.equal(ready.find((node) => node.nodeId === nodeId)?.load, lightest, 'not the less loaded node')
    return {
      detail: `placed on ${nodeId} (${ready.map((node) => `${node.nodeId} ${node.load.toFixed(1)}`).join(', ')})`,
      event,
    }
  },
}

/** 6. Participants come and go, the host ends, the node calls back. */
export const end: Step = {
  title: `four people meet for ${minutesTogether} minutes, then the host ends`,
  run: async (story) => {
    const { world } = story
    const { administration, monitoring } = bbbOf(story)
    for (const [name, password] of [
      ['Mercè', moderatorPW],
      ['Ona', attendeePW],
      ['Pau', attendeePW],
      ['Quim', attendeePW],
    ] as const)
      await arrive(administration.join(name, story.meetingId, password))
    await world.until('four participants', async () => {
      const info = await library.http(monitoring.getMeetingInfo(story.meetingId))
      return Number(info.participantCount) === 4 ? true : undefined
    })
    const tenantId = story.hostAccounts[0]?.tenantId
    // The node is asked again and again: minutes count from the first time that it tells of all four.
    await nodesSeen(world)
    world.moveClock(minutesTogether * minute)
    await nodesSeen(world)
    const answer = await library.http(administration.end(story.meetingId, moderatorPW))
    assert.equal(answer.messageKey, 'sentEndMeetingRequest')
    const event = await world.event('MeetingEnded', ({ placement }) => placement?.tenantId === tenantId)
    const { placement } = event.data
    assert.ok(placement)
    assert.ok(
      placement.participantMinutes >= 4 * minutesTogether - 4,
      `only ${placement.participantMinutes} participant minutes`,
    )
    story.meeting = placement
    return {
      detail: `${placement.participantMinutes.toFixed(0)} participant minutes, at most ${placement.participantsPeak} at once`,
      event,
    }
  },
}

/** Resolves when each ready node has told twice from now on: the first answer may have been under way already. */
async function nodesSeen(world: World): Promise<void> {
  const service = world.ask<NodeQueryServiceServer>('node-orchestration', NodeQueryServiceService)
  const looks = async () => {
    const ready = (await service.listNodes({})).nodes.filter(({ status }) => status === 'READY')
    return new Map(ready.map(({ nodeId, seenAtMs }) => [nodeId, seenAtMs]))
  }
  for (let time = 0; time < 2; time++) {
    const before = await world.until('the nodes', looks)
    await world.until('a look at the nodes', async () =>
      [...(await looks())].every(([nodeId, seenAtMs]) => seenAtMs !== before.get(nodeId)) ? true : undefined,
    )
  }
}

/** Opens a join URL as a browser would. Throws unless it ends in the meeting's page on the node. */
export async function arrive(joinUrl: string): Promise<void> {
  const page = await fetch(joinUrl, { headers: { accept: 'text/html' } })
  const text = await page.text()
  if (!page.ok || !page.url.includes('/html5client/'))
    throw new Error(`the join ended at ${page.url}: ${text.slice(0, 200)}`)
}
