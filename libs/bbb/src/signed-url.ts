import { signQuery } from './checksum.ts'
import type { ChecksumAlgorithm } from './checksum.ts'
import { encodeQuery } from './params.ts'
import type { CallParams } from './params.ts'

/** The URL of a signed call. apiUrl is the address of the API, with or without its last slash: `https://host/bigbluebutton/api/`. */
export const signedUrl = (
  apiUrl: string,
  callName: string,
  params: CallParams,
  secret: string,
  algorithm: ChecksumAlgorithm = 'sha256',
): string => {
  const query = encodeQuery(params)
  const checksum = signQuery(callName, query, secret, algorithm)
  const base = apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`
  return `${base}${callName}?${query === '' ? '' : `${query}&`}checksum=${checksum}`
}
