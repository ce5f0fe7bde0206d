import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** An element: children by tag, attributes by `@name`, and its text as `#text` where it has attributes too. */
export type XmlElement = { readonly [tag: string]: XmlValue | undefined }
export type XmlValue = string | XmlElement | readonly XmlValue[]

export type XmlLimits = { maxBytes?: number; maxDepth?: number }

/** XML that is broken, too large, too deep, or carries a DOCTYPE or entities of its own. */
export class XmlRefused extends Error {
  override name = 'XmlRefused'
}

const listPath =
  /(^|\.)(meetings\.meeting|recordings\.recording|attendees\.attendee|recording\.playback\.format|modules\.module|module\.document|breakoutRooms\.breakout|images\.image|errors\.error)$/

const entityText: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const decodeEntity = (name: string): string => {
  const number = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name)
  if (number) {
    const code = number[1] === undefined ? Number(number[2]) : parseInt(number[1], 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
  }
  const text = Object.hasOwn(entityText, name) ? entityText[name] : undefined
  if (text === undefined) throw new XmlRefused(`unknown entity &${name.slice(0, 20)};`)
  return text
}

const decodeEntities = (text: string): string =>
  text.includes('&') ? text.replace(/&([^;&\s]*);/g, (_, name: string) => decodeEntity(name)) : text

// The parser's own decoder counts and caps even &amp;; ours knows nothing but XML's five names and numbers.
const entityDecoder = {
  setExternalEntities: () => undefined,
  addInputEntities: () => undefined,
  reset: () => undefined,
  setXmlVersion: () => undefined,
  decode: decodeEntities,
}

// A tenant may well name its metadata `constructor`. That must not make a node's whole answer unreadable.
const reservedNames = new Set(['__proto__', 'constructor', 'prototype'])

const parserOf = (maxDepth: number): XMLParser =>
  new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    maxNestedTags: maxDepth,
    isArray: (_tag, path, _isLeaf, isAttribute) => !isAttribute && listPath.test(String(path)),
    transformTagName: (tag) => (reservedNames.has(tag) ? `_${tag}` : tag),
    entityDecoder,
  })

const hasDoctype = (xml: string): boolean =>
  /<!(DOCTYPE|ENTITY)/i.test(xml) && /<!(DOCTYPE|ENTITY)/i.test(xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, ''))

/**
 * Parses a document into its one root. Every value stays a string; lists of BBB's protocol (meeting, recording,
 * attendee, format, module, document, …) are always arrays. Throws XmlRefused.
 */
export const parseXml = (
  xml: string,
  { maxBytes = 1_048_576, maxDepth = 12 }: XmlLimits = {},
): { root: string; element: XmlValue } => {
  if (Buffer.byteLength(xml) > maxBytes) throw new XmlRefused(`larger than ${maxBytes} bytes`)
  if (hasDoctype(xml)) throw new XmlRefused('a DOCTYPE is not allowed')
  const valid = XMLValidator.validate(xml)
  if (valid !== true) throw new XmlRefused(valid.err.msg)
  const parsed = parseWith(parserOf(maxDepth), xml)
  const roots = Object.entries(parsed)
  const [root] = roots
  if (root === undefined || roots.length > 1 || Array.isArray(root[1])) throw new XmlRefused('not one root element')
  return { root: root[0], element: root[1] }
}

const parseWith = (parser: XMLParser, xml: string): Record<string, XmlValue> => {
  try {
    return parser.parse(xml) as Record<string, XmlValue>
  } catch (error) {
    throw new XmlRefused(error instanceof Error ? error.message : 'not XML', { cause: error })
  }
}

/** The text of a value: the string itself, an element's `#text`, or '' where there is none. */
export const textOf = (value: XmlValue | undefined): string => {
  if (typeof value === 'string') return value
  if (value === undefined || Array.isArray(value)) return ''
  return textOf((value as XmlElement)['#text'])
}

/** The child element of that tag; an element without children where it is absent or empty. */
export const childOf = (value: XmlValue | undefined, tag: string): XmlElement => {
  const child = typeof value === 'object' && !Array.isArray(value) ? (value as XmlElement)[tag] : undefined
  return typeof child === 'object' && !Array.isArray(child) ? (child as XmlElement) : {}
}

/** The elements of a list, such as `listIn(reply, 'meetings', 'meeting')`; [] where it is absent or empty. */
export const listIn = (value: XmlValue | undefined, container: string, tag: string): XmlElement[] => {
  const items = childOf(value, container)[tag]
  if (!Array.isArray(items)) return []
  return items.map((item: XmlValue) => (typeof item === 'string' ? { '#text': item } : item) as XmlElement)
}
