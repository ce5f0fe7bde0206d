import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { childOf, listIn, parseXml, textOf, XmlRefused } from './xml.ts'
import { writeXml } from './write-xml.ts'

const element = (xml: string) => parseXml(xml).element

describe('parseXml', () => {
  test.each([
    ['keeps values as text', '<r><n>007</n><b>true</b></r>', { n: '007', b: 'true' }],
    [
      'reads entities and CDATA once',
      '<r><a>x &amp;amp; &#233;&#x1F600;</a><c><![CDATA[<&amp;>]]></c></r>',
      { a: 'x &amp; é😀', c: '<&amp;>' },
    ],
    ['keeps attributes', '<r><d url="u">n</d></r>', { d: { '@url': 'u', '#text': 'n' } }],
    ['drops white space between elements', '<r>\n  <a>1</a>\n</r>', { a: '1' }],
    ['renames what JavaScript reserves', '<r><constructor>1</constructor></r>', { _constructor: '1' }],
    ['renames __proto__', '<r><__proto__><x>1</x></__proto__></r>', { ___proto__: { x: '1' } }],
    ['ignores the declaration', '<?xml version="1.0" encoding="UTF-8"?><r><a>1</a></r>', { a: '1' }],
  ])('%s', (_what, xml, expected) => expect(element(xml)).toEqual(expected))

  test.each([
    ['nothing', ''],
    ['plain text', 'Bad Gateway'],
    ['a tag left open', '<r><a>1'],
    ['HTML', '<html><body><br>x</body></html>'],
    ['two roots', '<r></r><s></s>'],
    ['a DOCTYPE', '<!DOCTYPE r><r/>'],
    ['a DOCTYPE with entities', '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>'],
    ['an entity of its own', '<r>&a;</r>'],
    ['an entity in an attribute', '<r><d url="&a;"/></r>'],
    ['too deep', '<r>'.repeat(30) + '</r>'.repeat(30)],
    ['too large', `<r>${'x'.repeat(1_048_576)}</r>`],
  ])('refuses %s', (_what, xml) => expect(() => parseXml(xml)).toThrow(XmlRefused))

  test('lets text speak of a DOCTYPE', () =>
    expect(element('<r><a><![CDATA[<!DOCTYPE]]></a></r>')).toEqual({ a: '<!DOCTYPE' }))
})

describe('lists', () => {
  const list = (inner: string) => listIn(element(`<response>${inner}</response>`), 'meetings', 'meeting')
  test.each([
    ['absent', '', 0],
    ['empty', '<meetings/>', 0],
    ['one', '<meetings><meeting><meetingID>a</meetingID></meeting></meetings>', 1],
    ['two', '<meetings><meeting><a>1</a></meeting><meeting><a>2</a></meeting></meetings>', 2],
    ['one without content', '<meetings><meeting/></meetings>', 1],
  ])('%s', (_what, inner, count) => expect(list(inner)).toHaveLength(count))

  test('formats of a recording are a list, metadata that sounds alike is not', () => {
    const reply = element(
      '<response><recordings><recording><metadata><meeting>x</meeting></metadata><playback><format><type>video</type></format></playback></recording></recordings></response>',
    )
    const [recording] = listIn(reply, 'recordings', 'recording')
    expect(listIn(recording, 'playback', 'format')).toEqual([{ type: 'video' }])
    expect(childOf(recording, 'metadata')).toEqual({ meeting: 'x' })
  })
})

test.each([
  ['text', 'text'],
  [undefined, ''],
  [{ '@a': '1', '#text': 'beside' }, 'beside'],
  [['x'], ''],
])('textOf %j is %s', (value, expected) => expect(textOf(value)).toBe(expected))

test('what writeXml writes parseXml reads', () => {
  const text = fc
    .string({ unit: 'binary' })
    .map((value) => value.replace(/[^\u{21}-\u{7e}\u{a1}-\u{2fff}\u{10000}-\u{1ffff}]/gu, ''))
  fc.assert(
    fc.property(text, text, (attribute, content) => {
      const xml = writeXml('r', { a: content, d: { '@k': attribute, x: content } })
      expect(element(xml)).toEqual({ a: content, d: { '@k': attribute, x: content } })
    }),
  )
})
