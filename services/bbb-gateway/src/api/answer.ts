import { errorXml } from '@meetcoop/bbb'

/** What a call is answered with: BBB's XML, or the way for a browser to go on. */
export type Answer = { xml: string } | { location: string }

const messages = {
  checksumError: 'Checksums do not match',
  unsupportedContentType: 'The content type of the body is missing or not supported by this call',
  unsupportedRequest: 'This server does not offer this call',
  validationError: 'A parameter is missing or not as it should be',
  missingParamMeetingID: 'You must specify a meeting ID for the meeting',
  invalidMeetingIdentifier: 'The meeting ID that you supplied did not match any existing meetings',
  notFound: 'We could not find a meeting with that meeting ID',
  meetingNotFound: 'We could not find a meeting with that meeting ID',
  parentMeetingDoesNotExist: 'No parent meeting exists for the breakout room',
  roomLimitReached: 'As many rooms are open as the membership allows; close one and try again',
  serverUnavailable: 'No server can take the meeting right now; try again in a minute',
  internalError: 'This did not work; try again in a minute',
} as const

export type RefusalKey = keyof typeof messages

/** BBB's way to say no: FAILED, a key that programs read, a message that people read. */
export const refuse = (key: RefusalKey, message: string = messages[key]): Answer => ({ xml: errorXml(key, message) })

const isWebUrl = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

/** As BBB does: to where the caller wants errors shown, if it said so. */
export function refuseJoin(params: ReadonlyMap<string, string>, key: RefusalKey): Answer {
  const target = [params.get('errorRedirectUrl'), params.get('logoutURL')].find((url) => url && isWebUrl(url))
  if (!target) return refuse(key)
  const url = new URL(target)
  url.searchParams.append('errors', JSON.stringify([{ key, message: messages[key] }]))
  return { location: url.href }
}
