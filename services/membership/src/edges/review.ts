import type { House } from '@meetcoop/service'
import { execute } from '@meetcoop/store'
import { isRefusal } from '@meetcoop/decider'
import { memberDecider } from '../member/member.ts'
import type { Collections } from '../store.ts'
import { catalogueOf } from './catalogue.ts'

const retryEveryMs = 60_000
const pageSize = 500

/** Once after each start, when coop.yaml may have changed: every member gets the rights that its tier has now. */
export function reviewLoop({ coop, clock }: House, members: Collections['members']) {
  let reviewed = false
  const command = { type: 'Review', catalogue: catalogueOf(coop) } as const

  const reviewPage = async (after: string, nowMs: number): Promise<string | undefined> => {
    const page = await members.page({ after, limit: pageSize })
    for (const { id, version, state } of page) {
      const decision = memberDecider.decide(state, command)
      if (isRefusal(decision) || decision.length === 0) continue
      await execute(members, memberDecider, { id, causeId: `coop.yaml.${version}`, command, nowMs })
    }
    return page.length < pageSize ? undefined : page.at(-1)?.id
  }

  return {
    everyMs: retryEveryMs,
    run: async (): Promise<void> => {
      if (reviewed) return
      let after: string | undefined = ''
      while (after !== undefined) after = await reviewPage(after, clock.nowMs())
      reviewed = true
    },
  }
}
