import { expect, test } from '@jest/globals'
import { escapeXml, writeXml } from './write-xml.ts'

test.each([
  ['scalars', { a: 'x', n: 0, b: false }, '<r><a>x</a><n>0</n><b>false</b></r>'],
  ['empty text', { a: '' }, '<r><a></a></r>'],
  ['nothing', {}, '<r/>'],
  ['undefined is left out', { a: undefined, b: 1 }, '<r><b>1</b></r>'],
  ['arrays repeat their tag', { m: { x: [1, 2] }, e: [] }, '<r><m><x>1</x><x>2</x></m></r>'],
  ['attributes and text', { i: { '@w': 1, '@alt': '"', '#text': '<' } }, '<r><i w="1" alt="&quot;">&lt;</i></r>'],
])('%s', (_what, value, expected) => expect(writeXml('r', value)).toBe(expected))

test('a tag that is no name is our own mistake', () => expect(() => writeXml('a b', 'x')).toThrow(TypeError))

test('escapes markup and drops what XML cannot carry', () =>
  expect(escapeXml(`<a href='x'>&"\u0000${String.fromCharCode(0xd800)}\u{1f600}`)).toBe(
    '&lt;a href=&apos;x&apos;&gt;&amp;&quot;\u{1f600}',
  ))
