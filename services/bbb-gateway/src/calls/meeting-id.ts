import { refuse, type Answer } from '../api/answer.ts'

/** The meeting id of a call, or why it can be none. */
export function meetingIdOf(params: ReadonlyMap<string, string>): { meetingId: string } | { refused: Answer } {
  const meetingId = params.get('meetingID') ?? ''
  if (meetingId === '') return { refused: refuse('missingParamMeetingID') }
  // Neither commas, which separate ids in lists, nor control characters.
  const isValid = meetingId.length >= 2 && meetingId.length <= 256 && !/[,\p{Cc}]/u.test(meetingId)
  return isValid
    ? { meetingId }
    : { refused: refuse('validationError', 'Meeting ID must be 2 to 256 characters, without commas') }
}
