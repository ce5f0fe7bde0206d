import { refuse } from '../api/answer.ts'
import { create } from './create.ts'
import type { AnswerCall } from './gateway.ts'
import { getMeetings } from './get-meetings.ts'
import { getRecordings } from './get-recordings.ts'
import { join } from './join.ts'
import { end, getMeetingInfo, insertDocument, isMeetingRunning, sendChatMessage } from './meeting-calls.ts'

type Endpoint = {
  answer: AnswerCall
  methods: readonly ('GET' | 'POST')[]
  /** Whether slides come in the body. */
  xmlBody: 'never' | 'may' | 'must'
}

const either = ['GET', 'POST'] as const
const unsupported: AnswerCall = () => refuse('unsupportedRequest')

/** The calls of BBB's API, and how each may come. */
export const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['create', { answer: create, methods: either, xmlBody: 'may' }],
  ['join', { answer: join, methods: ['GET'], xmlBody: 'never' }],
  ['isMeetingRunning', { answer: isMeetingRunning, methods: either, xmlBody: 'never' }],
  ['getMeetingInfo', { answer: getMeetingInfo, methods: either, xmlBody: 'never' }],
  ['getMeetings', { answer: getMeetings, methods: either, xmlBody: 'never' }],
  ['end', { answer: end, methods: either, xmlBody: 'never' }],
  ['sendChatMessage', { answer: sendChatMessage, methods: ['GET'], xmlBody: 'never' }],
  ['insertDocument', { answer: insertDocument, methods: ['POST'], xmlBody: 'must' }],
  ['getRecordings', { answer: getRecordings, methods: either, xmlBody: 'never' }],
  // recording-storage takes no commands yet.
  ['publishRecordings', { answer: unsupported, methods: ['GET'], xmlBody: 'never' }],
  ['deleteRecordings', { answer: unsupported, methods: ['GET'], xmlBody: 'never' }],
  ['updateRecordings', { answer: unsupported, methods: either, xmlBody: 'never' }],
])
