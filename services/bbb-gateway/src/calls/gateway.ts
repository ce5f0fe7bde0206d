import type { PlacementServiceServer } from '@meetcoop/contracts/node-orchestration'
import type { RecordingQueryServiceServer } from '@meetcoop/contracts/recording-storage'
import type { House, Peer } from '@meetcoop/service'
import type { Answer } from '../api/answer.ts'
import type { Tenant } from '../memory/members.ts'
import type { LiveMeeting, Memory } from '../memory/memory.ts'
import type { CallNode } from '../node/call-node.ts'
import type { NodeMeetings } from '../node/node-meetings.ts'

/** What calls are answered from. */
export type Gateway = {
  memory: Memory
  callNode: CallNode
  nodeMeetings: NodeMeetings
  placement: Peer<PlacementServiceServer>
  recordings: Peer<RecordingQueryServiceServer>
  /** Remembers a meeting that this gateway has created, before anybody else tells. */
  put(meeting: LiveMeeting | undefined): void
  log: House['log']
  /** Where nodes call back. */
  callbackUrls: { meetingEnded: string; recordingReady: string }
}

/** A call whose checksum is right. */
export type Call = {
  tenant: Tenant
  /** As it was signed, without the checksum. */
  rawQuery: string
  /** From query and form. */
  params: ReadonlyMap<string, string>
  xmlBody: string | undefined
}

export type AnswerCall = (gateway: Gateway, call: Call) => Promise<Answer> | Answer
