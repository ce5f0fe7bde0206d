import { BillingQueryServiceService, type BillingQueryServiceServer } from '@meetcoop/contracts/billing'
import { operatorsOnly, type Service } from '@meetcoop/service'
import { admitHouse } from './edges/house-member.ts'
import { onContribution } from './edges/on-contribution.ts'
import { operatorEdges } from './edges/operators.ts'
import { openProfiles } from './edges/profiles.ts'
import { queries } from './edges/queries.ts'
import { reviewLoop } from './edges/review.ts'
import { openCollections } from './store.ts'

export const service: Service = {
  name: 'membership',
  build: async (house) => {
    const collections = await openCollections(house.store)
    const { members, profiles } = collections
    await admitHouse(house, members)
    house.loop(reviewLoop(house, members))
    const billing = house.peer<BillingQueryServiceServer>('billing', BillingQueryServiceService)

    return {
      http: async (app) => {
        await app.register(
          async (app) => {
            operatorsOnly(app, house.secrets.operatorToken)
            operatorEdges(app, house, collections)
          },
          { prefix: '/operator' },
        )
      },
      grpc: [queries(house, collections)],
      listens: {
        billing: onContribution({ house, members, profiles: openProfiles({ house, profiles, billing }) }),
      },
    }
  },
}
