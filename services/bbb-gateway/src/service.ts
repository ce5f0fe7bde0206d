import { MembershipQueryServiceService, type MembershipQueryServiceServer } from '@meetcoop/contracts/membership'
import {
  NodeQueryServiceService,
  PlacementServiceService,
  type NodeQueryServiceServer,
  type PlacementServiceServer,
} from '@meetcoop/contracts/node-orchestration'
import { RecordingQueryServiceService, type RecordingQueryServiceServer } from '@meetcoop/contracts/recording-storage'
import type { House, Service } from '@meetcoop/service'
import { tellMetrics } from './api/metrics.ts'
import { bbbApi } from './api/routes.ts'
import type { Gateway } from './calls/gateway.ts'
import { keepLearning } from './memory/learn.ts'
import { learningMeetings } from './memory/learn-meetings.ts'
import { learningMembers } from './memory/learn-members.ts'
import { createMemory, type Memory } from './memory/memory.ts'
import { keepingSnapshot, readSnapshot } from './memory/snapshot.ts'
import { callingNodes } from './node/call-node.ts'
import { rememberingMeetings } from './node/node-meetings.ts'

const snapshotEveryMs = 2_000

export const service: Service = {
  name: 'bbb-gateway',
  build: async (house) => {
    const { settings, secrets, log, metrics } = house
    const monotonicMs = () => performance.now()
    const membership = house.peer<MembershipQueryServiceServer>('membership', MembershipQueryServiceService)
    const placement = house.peer<PlacementServiceServer>('node-orchestration', PlacementServiceService)
    const nodes = house.peer<NodeQueryServiceServer>('node-orchestration', NodeQueryServiceService)
    const recordings = house.peer<RecordingQueryServiceServer>('recording-storage', RecordingQueryServiceService)

    const memory = createMemory()
    const snapshotPlace = { stateDir: settings.STATE_DIR, snapshotKey: secrets.snapshotKey }
    await rememberFrom(snapshotPlace, memory, log)
    const keepSnapshot = keepingSnapshot(memory, snapshotPlace)
    house.loop({ everyMs: snapshotEveryMs, run: keepSnapshot })

    const members = learningMembers(memory, membership)
    const meetings = learningMeetings({ memory, placement, nodes, monotonicMs })
    const learning = keepLearning({ house, members, meetings, monotonicMs })
    tellMetrics(metrics, memory)

    const { call: callNode, close } = callingNodes()
    const nodeMeetings = rememberingMeetings(callNode, monotonicMs)
    const { put } = meetings
    const callbackUrls = {
      meetingEnded: `${urlOf(settings, 'node-orchestration')}/callbacks/meeting-ended`,
      recordingReady: `${urlOf(settings, 'recording-storage')}/callbacks/recording-ready`,
    }
    const gateway: Gateway = { memory, callNode, nodeMeetings, placement, recordings, put, log, callbackUrls }
    return {
      http: async (app) => {
        await app.register(async (api) => bbbApi(api, gateway))
      },
      ready: async () => {
        if (memory.memberIds().length === 0) throw new Error('membership has told of no tenant yet')
      },
      stop: async () => {
        await learning.stop()
        await close()
        await keepSnapshot()
      },
    }
  },
}

function urlOf({ URLS }: House['settings'], name: string): string {
  const url = URLS[name]
  if (!url) throw new Error(`URLS does not tell where nodes call ${name}`)
  return url.replace(/\/$/, '')
}

/** A snapshot that does not open is no reason not to start: all of it can be asked for anew. */
async function rememberFrom(
  place: Parameters<typeof readSnapshot>[0],
  memory: Memory,
  log: House['log'],
): Promise<void> {
  try {
    const memories = await readSnapshot(place)
    if (memories) memory.remember(memories)
  } catch (error) {
    log.error({ error: (error as Error).message }, 'the snapshot cannot be read; beginning without it')
  }
}
