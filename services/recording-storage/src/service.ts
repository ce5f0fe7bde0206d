import type { House, Service } from '@meetcoop/service'
import { recordingReady } from './edges/callback.ts'
import { fitting } from './edges/fit-to-rights.ts'
import { openShelf } from './edges/import/shelf.ts'
import { importing } from './edges/import-job.ts'
import { openImports } from './edges/imports.ts'
import { askNodes } from './edges/nodes.ts'
import { onEntitlementsSet } from './edges/on-entitlements-set.ts'
import { onRecordingReceived } from './edges/on-recording-received.ts'
import { playback } from './edges/playback.ts'
import { queries } from './edges/queries.ts'
import { receiveInto } from './edges/receive.ts'
import { sweepNodes } from './edges/sweep-nodes.ts'
import { openCollections } from './store.ts'

const nodesEveryMs = 10_000
const importsEveryMs = 5_000

/** Where each recording lies, who may see it, and how much space is left. */
export const service: Service = {
  name: 'recording-storage',
  build: async (house: House) => {
    const { recordings, spaces } = await openCollections(house.store)
    const nodes = askNodes(house)
    const shelf = openShelf(house.settings.STATE_DIR)
    const fitToRights = fitting({ recordings, spaces, clock: house.clock })

    const importRecording = importing({ recordings, spaces, nodes, shelf, fitToRights, clock: house.clock })
    const imports = openImports(house, recordings, importRecording)
    house.loop({ everyMs: importsEveryMs, run: imports.sweep })
    const receive = receiveInto(recordings, house)
    house.loop({ everyMs: nodesEveryMs, run: sweepNodes({ nodes, recordings, receive }) })

    return {
      http: async (app) => {
        await app.register(async (scope) => recordingReady(scope, { nodes, receive }))
        await app.register(async (scope) => playback(scope, { house, recordings, root: shelf.root }))
      },
      grpc: [queries(house, recordings, spaces)],
      listens: {
        membership: { EntitlementsSet: onEntitlementsSet(spaces, fitToRights) },
        'recording-storage': { RecordingReceived: onRecordingReceived(imports.enqueue) },
      },
    }
  },
}
