import type { House, Service } from '@meetcoop/service'
import { cutOffSweep } from './edges/cut-off.ts'
import { openGateway } from './edges/gateway.ts'
import { join } from './edges/join.ts'
import { onEntitlementsSet } from './edges/on-entitlements-set.ts'
import { onMeeting } from './edges/on-meeting.ts'
import { operator } from './edges/operator.ts'
import { queries } from './edges/queries.ts'
import { openCollections } from './store.ts'

const cutOffEveryMs = 5_000

/** Who has which room, when, for how long. */
export const service: Service = {
  name: 'room-scheduling',
  build: async (house: House) => {
    const collections = await openCollections(house.store)
    const gateway = openGateway(house)

    house.loop({ everyMs: cutOffEveryMs, run: cutOffSweep(house, collections, gateway) })

    return {
      http: async (app) => {
        await app.register(async (scope) => operator(scope, house, collections))
        await app.register(async (scope) => join(scope, { house, collections, gateway }))
      },
      grpc: [queries(collections)],
      listens: {
        membership: { EntitlementsSet: onEntitlementsSet(collections) },
        'node-orchestration': onMeeting(house, collections),
      },
    }
  },
}
