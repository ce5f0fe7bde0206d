import type { Envelope } from '@meetcoop/contracts'
import type { Credential } from '@meetcoop/contracts/membership'
import type { Placement } from '@meetcoop/contracts/node-orchestration'
import type { World } from './world.ts'

/** What happened in a step: a sentence, the trace it left, and something to look at. */
export type Told = { detail: string; event?: Envelope; link?: string }

/** What later steps need of earlier ones. */
export type Story = {
  world: World
  orderId: number
  memberId: string
  hostAccounts: Credential[]
  meetingId: string
  meeting: Placement
  roomId: string
  hostUrl: string
  recordingId: string
  playbackUrl: string
}

export type Step = { title: string; run(story: Story): Promise<Told> }

/** What the control API of the simulated OpenCollective tells of an order. */
export type Webhook = { id: number; type: string; status: unknown }
