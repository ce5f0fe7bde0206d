// The running sandbox: the world, its clock, its webhooks and its file, in one place for the routes.
import { goodBehaviour } from './behaviour.ts'
import type { Behaviour } from './behaviour.ts'
import { chargeWhatIsDue } from './charges.ts'
import type { Activity, Tier } from './model.ts'
import type { Clock } from './sandbox-clock.ts'
import { readState, stateFile } from './state-file.ts'
import { webhookSender } from './webhook-sender.ts'
import type { Delivery } from './webhook-sender.ts'
import { openWorld, saveWorld } from './world.ts'
import type { Saved } from './world.ts'

export type Sandbox = ReturnType<typeof openSandbox>

export type Sending = { delivery: Delivery; outcome: Promise<Delivery> }

const tickEveryMs = 250

export function openSandbox(settings: {
  collectiveSlug: string
  tiers: Tier[]
  clock: Clock
  stateFile?: string
  webhookUrl?: string
}) {
  const world = openWorld(settings.collectiveSlug, settings.tiers, readState<Saved>(settings.stateFile))
  world.webhookUrl = settings.webhookUrl ?? world.webhookUrl
  const file = stateFile(settings.stateFile, () => saveWorld(world))
  const behaviour: Behaviour = { ...goodBehaviour }
  const sender = webhookSender(world.collective.legacyId, () => behaviour)

  const publish = (activities: Activity[]): Sending[] => {
    if (activities.length > 0) file.changed()
    return activities.map((activity) => sender.send(activity, world.webhookUrl))
  }
  const tick = (): void => {
    publish(chargeWhatIsDue(world, settings.clock.nowMs()))
  }
  const timer = setInterval(tick, tickEveryMs)

  return {
    world,
    behaviour,
    clock: settings.clock,
    deliveries: sender.deliveries,
    /** Makes the charges that fell due since the last call. */
    tick,
    /** Sends activities as webhooks and has the change behind them saved. */
    publish,
    /** Has a change saved that no activity tells of. */
    changed: file.changed,
    async close(): Promise<void> {
      clearInterval(timer)
      sender.close()
      await file.flush()
    },
  }
}
