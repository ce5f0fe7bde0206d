import { BillingQueryServiceService, type BillingQueryServiceServer } from '@meetcoop/contracts/billing'
import { answer, QueryRefused } from '@meetcoop/service'
import type { Collections } from '../store.ts'

const pageDefault = 100
const pageMax = 500

/** What other services may ask. Names are told here and nowhere else. */
export const queries = ({ contributions, contributors }: Collections) =>
  answer<BillingQueryServiceServer>(BillingQueryServiceService, {
    getContribution: async ({ contributionId }) => {
      const contribution = (await contributions.get(contributionId))?.state.contribution
      if (!contribution) throw new QueryRefused('NOT_FOUND', 'there is no such contribution')
      const contributor = await contributors.get(contribution.contributorId)
      return { contribution, contributor: contributor?.state }
    },
    listContributions: async ({ after, limit }) => {
      const page = await contributions.page({ after, limit: Math.min(limit || pageDefault, pageMax) })
      return { contributions: page.flatMap(({ state }) => state.contribution ?? []) }
    },
  })
