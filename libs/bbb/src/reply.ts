import { listIn, parseXml, textOf, XmlRefused } from './xml.ts'
import type { XmlElement, XmlLimits } from './xml.ts'
import { writeXml } from './write-xml.ts'
import type { WritableElement } from './write-xml.ts'

/** A node's answer: the return code and message key every one has, and all of its elements. */
export type BbbReply = {
  readonly returncode: 'SUCCESS' | 'FAILED'
  /** '' where the node gave none. */
  readonly messageKey: string
  readonly message: string
  /** Everything in `<response>`; read it with textOf, childOf and listIn. */
  readonly body: XmlElement
}

/** Parses a node's answer. Throws XmlRefused for anything that is not a `<response>` with a return code. */
export const parseReply = (xml: string, limits?: XmlLimits): BbbReply => {
  const { root, element } = parseXml(xml, limits)
  if (root !== 'response' || typeof element !== 'object') throw new XmlRefused('not a BBB reply')
  const body = element as XmlElement
  const returncode = textOf(body['returncode'])
  if (returncode !== 'SUCCESS' && returncode !== 'FAILED') throw new XmlRefused('a reply without a return code')
  // Some refusals come as a list, <errors><error><key>…; the first stands for all.
  const [error] = listIn(body, 'errors', 'error')
  return {
    returncode,
    messageKey: textOf(body['messageKey']) || textOf(error?.['key']),
    message: textOf(body['message']) || textOf(error?.['message']),
    body,
  }
}

/** A SUCCESS reply with these elements after the return code. */
export const replyXml = (elements: WritableElement): string =>
  writeXml('response', { returncode: 'SUCCESS', ...elements })

/** A FAILED reply. BBB sends these with HTTP status 200. */
export const errorXml = (messageKey: string, message: string): string =>
  writeXml('response', { returncode: 'FAILED', messageKey, message })
