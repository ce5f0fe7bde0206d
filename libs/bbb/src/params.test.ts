import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { boolParam, encodeQuery, intParam, metaParams, parseQuery } from './params.ts'

describe('parseQuery', () => {
  test.each([
    ['', []],
    [
      'a=1&b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['name=Team+call%21', [['name', 'Team call!']]],
    ['a=1&a=2', [['a', '1']]],
    ['a=x=y', [['a', 'x=y']]],
    [
      'a&b=',
      [
        ['a', ''],
        ['b', ''],
      ],
    ],
    ['a=%zz&b=1&&=3', [['b', '1']]],
  ])('%s', (raw, expected) => expect([...parseQuery(raw)]).toEqual(expected))

  test('ignores what follows the first thousand', () => {
    const raw = Array.from({ length: 1500 }, (_, i) => `p${i}=1`).join('&')
    expect(parseQuery(raw).size).toBe(1000)
  })

  test('reads back what encodeQuery wrote', () => {
    const text = fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed())
    fc.assert(
      fc.property(
        fc.dictionary(
          text.filter((name) => name !== ''),
          text,
          { maxKeys: 20 },
        ),
        (params) => {
          expect(Object.fromEntries(parseQuery(encodeQuery(params)))).toEqual({ ...params })
        },
      ),
    )
  })
})

test('encodeQuery leaves undefined out', () =>
  expect(encodeQuery({ a: 'x y', b: undefined, c: 2, d: false })).toBe('a=x%20y&c=2&d=false'))

test('metaParams takes the names BBB would, in lower case', () => {
  const params = parseQuery(
    'meta_endCallbackUrl=u&meta_bbb-origin=g&meta_1x=n&meta_a_b=n&meta_=n&name=n&meta_Bbb-origin=2',
  )
  expect(metaParams(params)).toEqual({ endcallbackurl: 'u', 'bbb-origin': 'g' })
})

test.each([
  ['10', 10],
  ['-1', -1],
  ['1.5', undefined],
  ['ten', undefined],
  ['', undefined],
  ['9'.repeat(16), undefined],
])('intParam of %s is %s', (text, expected) => expect(intParam(new Map([['n', text]]), 'n')).toBe(expected))

test.each([
  ['true', true],
  ['TRUE', true],
  ['false', false],
  ['yes', undefined],
])('boolParam of %s is %s', (text, expected) => expect(boolParam(new Map([['b', text]]), 'b')).toBe(expected))
