import { checksumMatches, parseQuery, parseXml, splitChecksum, XmlRefused } from '@meetcoop/bbb'
import type { Call } from '../calls/gateway.ts'
import type { endpoints } from '../calls/endpoints.ts'
import type { Tenant } from '../memory/members.ts'
import { refuse, type Answer } from './answer.ts'
import { rawQueryOf } from './raw-query.ts'

type Endpoint = NonNullable<ReturnType<typeof endpoints.get>>
type Arrived = { callName: string; endpoint: Endpoint; url: string; contentType: string | undefined; body: unknown }

export const bodyBytesMax = 1_048_576

const noParams: ReadonlyMap<string, string> = new Map()

/** Reads a request and finds out which of the tenants signed it; or says what is wrong with it. */
export function receive(arrived: Arrived, tenants: readonly Tenant[]): { call: Call } | { refused: Answer } {
  const { callName, endpoint, url, contentType } = arrived
  const text = typeof arrived.body === 'string' ? arrived.body : ''
  const kind = text === '' ? 'none' : kindOf(contentType)
  if (!isTaken(kind, endpoint.xmlBody)) return { refused: refuse('unsupportedContentType') }

  const rawUrlQuery = rawQueryOf(url)
  const form = kind === 'form' ? parseQuery(text) : noParams
  const signed = signedPart(rawUrlQuery, form)
  const tenant =
    signed && tenants.find(({ secrets }) => checksumMatches(callName, signed.query, signed.checksum, secrets))
  if (!signed || !tenant) return { refused: refuse('checksumError') }

  const query = parseQuery(signed.query)
  // Which of the two would count, only one of them being signed?
  for (const name of form.keys()) if (query.has(name)) return { refused: refuse('checksumError') }
  const params = form.size === 0 ? query : new Map([...query, ...form])
  if (kind === 'xml' && !isHarmlessXml(text))
    return { refused: refuse('validationError', 'The body is no XML we take') }
  return { call: { tenant, rawQuery: signed.query, params, xmlBody: kind === 'xml' ? text : undefined } }
}

type Kind = 'none' | 'form' | 'xml' | 'other'

function kindOf(contentType = ''): Kind {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase()
  if (type === 'application/x-www-form-urlencoded') return 'form'
  return type === 'application/xml' || type === 'text/xml' ? 'xml' : 'other'
}

const isTaken = (kind: Kind, xmlBody: Endpoint['xmlBody']): boolean => {
  if (kind === 'xml') return xmlBody !== 'never'
  if (kind === 'none') return true
  return kind === 'form' && xmlBody !== 'must'
}

/** Only the query is signed. The checksum itself may stand in a form. */
function signedPart(
  rawUrlQuery: string,
  form: ReadonlyMap<string, string>,
): { query: string; checksum: string } | undefined {
  const inQuery = splitChecksum(rawUrlQuery)
  if (inQuery || rawUrlQuery.includes('checksum=')) return inQuery
  const checksum = form.get('checksum')
  return checksum === undefined ? undefined : { query: rawUrlQuery, checksum }
}

function isHarmlessXml(text: string): boolean {
  try {
    parseXml(text, { maxBytes: bodyBytesMax })
    return true
  } catch (error) {
    if (error instanceof XmlRefused) return false
    throw error
  }
}
