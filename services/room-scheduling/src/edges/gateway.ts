import { createBbbClient, textOf, type BbbClient, type BbbReply } from '@meetcoop/bbb'
import { MembershipQueryServiceService, type MembershipQueryServiceServer } from '@meetcoop/contracts/membership'
import type { House } from '@meetcoop/service'
import { memberOf, tenantOf } from '../room-id.ts'

export type Gateway = ReturnType<typeof openGateway>

/** A room's meeting as the gateway tells it. */
export type Meeting = { running: boolean; createTime: string }

const timeoutMs = 8_000
const secretGoodForMs = 60_000
const secretsMax = 5_000
/** Guests who wait ask again and again; the gateway is asked once. */
const lookGoodForMs = 1_000
const looksMax = 5_000

/** The BBB gateway, as a front end of the member's own rooms uses it. */
export function openGateway({ peer, settings }: House) {
  const membership = peer<MembershipQueryServiceServer>('membership', MembershipQueryServiceService)
  const secrets = new Map<string, { secret: string; atMs: number }>()
  const looks = new Map<string, { meeting: Promise<Meeting | undefined>; atMs: number }>()

  const askSecret = async (memberId: string): Promise<string> => {
    const { credentials } = await membership.getCredentials({ memberId })
    const [secret] = credentials.find(({ tenantId }) => tenantId === tenantOf(memberId))?.secrets ?? []
    if (!secret) throw new Error(`${tenantOf(memberId)} has no secret`)
    if (secrets.size >= secretsMax) secrets.clear()
    secrets.set(memberId, { secret, atMs: performance.now() })
    return secret
  }
  // Who could join a minute ago can join while membership is away.
  const secretOf = async (memberId: string): Promise<string> => {
    const known = secrets.get(memberId)
    if (known && performance.now() - known.atMs < secretGoodForMs) return known.secret
    return askSecret(memberId).catch((error: unknown) => {
      if (known) return known.secret
      throw error
    })
  }
  const clientFor = async (roomId: string): Promise<BbbClient> => {
    const memberId = memberOf(roomId)
    const apiUrl = `${settings.URLS['bbb-gateway'] ?? ''}/t/${tenantOf(memberId)}/bigbluebutton/api/`
    return createBbbClient({ apiUrl, secret: await secretOf(memberId), timeoutMs })
  }
  const askMeeting = async (roomId: string): Promise<Meeting | undefined> => {
    const reply = await (await clientFor(roomId)).getMeetingInfo(roomId)
    return reply.returncode === 'SUCCESS' ? meetingIn(reply) : undefined
  }
  return {
    clientFor,
    meetingIn,
    /** The room's meeting as it is now; undefined if there is none. */
    askMeeting,
    /** The same, as it was within the last second. */
    look: (roomId: string): Promise<Meeting | undefined> => {
      const last = looks.get(roomId)
      if (last && performance.now() - last.atMs < lookGoodForMs) return last.meeting
      if (looks.size >= looksMax) looks.clear()
      const meeting = askMeeting(roomId)
      looks.set(roomId, { meeting, atMs: performance.now() })
      return meeting
    },
  }
}

const meetingIn = ({ body }: BbbReply): Meeting => ({
  running: textOf(body['running']) === 'true' && textOf(body['hasBeenForciblyEnded']) !== 'true',
  createTime: textOf(body['createTime']),
})
