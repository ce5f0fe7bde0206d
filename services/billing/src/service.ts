import type { House, Service } from '@meetcoop/service'
import { inboxLoop } from './edges/inbox.ts'
import { lookUp, type LookUpJob } from './edges/look-up.ts'
import { openObserve } from './edges/observe.ts'
import { orderSweep } from './edges/order-sweep.ts'
import { pruning } from './edges/prune.ts'
import { queries } from './edges/queries.ts'
import { refundSweep } from './edges/refund-sweep.ts'
import { webhookEdge } from './edges/webhook.ts'
import { openMetrics } from './metrics.ts'
import { openCollectiveClient } from './opencollective/client.ts'
import { openCollections } from './store.ts'

const lookEveryMs = 1_000
const minuteMs = 60_000
/** Of the requests OpenCollective allows, this part is the sweep's: neither waits behind the other. */
const sweepShare = 0.2

export const service: Service = {
  name: 'billing',
  build: async (house) => {
    const { requestsPerMinute } = house.coop.opencollective
    const collections = await openCollections(house.store)
    const metrics = openMetrics(house.metrics)
    const client = openCollectiveClient(addressOf(house))
    const observe = openObserve(house, collections)

    const pageEveryMs = minuteMs / Math.max(requestsPerMinute * sweepShare, 1)
    const refunds = refundSweep({ house, collections, client })
    const sweep = orderSweep({ house, collections, client, observe, metrics, pageEveryMs, onSwept: refunds.ask })
    house.loop({ everyMs: lookEveryMs, run: sweep.run })
    house.loop({ everyMs: lookEveryMs, run: refunds.run })

    const look = lookUp({ house, collections, client, observe, metrics })
    const jobs = house.jobs<LookUpJob>({
      name: 'billing-look-ups',
      concurrency: 8,
      limit: { jobs: Math.max(Math.floor(requestsPerMinute * (1 - sweepShare)), 1), perMs: minuteMs },
      run: (job) => look(job).finally(() => inbox.ended(`order-${job.orderLegacyId}`)),
    })
    const inbox = inboxLoop({ collections, jobs, askForSweep: sweep.ask })
    const taking = house.loop({ everyMs: lookEveryMs, run: inbox.run })
    const room = await pruning(house, collections)
    house.loop(room.loop)

    return {
      http: (app) => webhookEdge(app, { house, collections, room, metrics, wake: taking.wake }),
      grpc: [queries(collections)],
    }
  },
}

// The sandbox has an OpenCollective of its own.
const addressOf = ({ settings, coop }: House) => ({
  url: settings.OPENCOLLECTIVE_URL ?? coop.opencollective.apiUrl,
  token: settings.OPENCOLLECTIVE_TOKEN,
  slug: coop.opencollective.slug,
})
