import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { checksumAlgorithms, signQuery, splitChecksum, verifyChecksum } from './checksum.ts'

const query = 'name=Team+call&meetingID=room%201'
const sum = signQuery('create', query, 's3cret')

describe('signQuery', () => {
  test.each(checksumAlgorithms)('is the %s digest of call, query and secret', (algorithm) => {
    const expected = createHash(algorithm).update(`create${query}s3cret`).digest('hex')
    expect(signQuery('create', query, 's3cret', algorithm)).toBe(expected)
  })
})

describe('splitChecksum', () => {
  test.each([
    ['last', 'a=1&b=2&checksum=ff', { query: 'a=1&b=2', checksum: 'ff' }],
    ['in the middle', 'a=1&checksum=ff&b=2', { query: 'a=1&b=2', checksum: 'ff' }],
    ['first', 'checksum=ff&a=1', { query: 'a=1', checksum: 'ff' }],
    ['alone', 'checksum=ff', { query: '', checksum: 'ff' }],
    ['absent', 'a=1', undefined],
    ['twice at the end', 'a=1&checksum=ff&checksum=ff', undefined],
    ['twice around', 'checksum=ff&a=1&checksum=ee', undefined],
    ['inside another name', 'a=1&meta_checksum=ff', undefined],
    ['inside another value', 'a=bchecksum=ff&checksum=ff', { query: 'a=bchecksum=ff', checksum: 'ff' }],
  ])('%s', (_where, raw, expected) => expect(splitChecksum(raw)).toEqual(expected))
})

describe('verifyChecksum', () => {
  test.each([
    ['the right one', `${query}&checksum=${sum}`, ['s3cret'], true],
    ['upper-case hex', `${query}&checksum=${sum.toUpperCase()}`, ['s3cret'], true],
    ['the second secret', `${query}&checksum=${sum}`, ['old', 's3cret'], true],
    ['another secret', `${query}&checksum=${sum}`, ['old'], false],
    ['no secret', `${query}&checksum=${sum}`, [], false],
    ['an empty secret', `${query}&checksum=${signQuery('create', query, '')}`, [''], false],
    ['a reordered query', `meetingID=room%201&name=Team+call&checksum=${sum}`, ['s3cret'], false],
    ['a query encoded otherwise', `name=Team%20call&meetingID=room%201&checksum=${sum}`, ['s3cret'], false],
    ['one digit short', `${query}&checksum=${sum.slice(1)}`, ['s3cret'], false],
    ['not hex', `${query}&checksum=${'z'.repeat(64)}`, ['s3cret'], false],
    ['an empty one', `${query}&checksum=`, ['s3cret'], false],
    ['none', query, ['s3cret'], false],
    ['two', `${query}&checksum=${sum}&checksum=${sum}`, ['s3cret'], false],
  ])('%s', (_what, raw, secrets, expected) => expect(verifyChecksum('create', raw, secrets)).toBe(expected))

  test('is bound to its call', () => expect(verifyChecksum('end', `${query}&checksum=${sum}`, ['s3cret'])).toBe(false))

  test('refuses an algorithm that is not allowed', () => {
    const weak = signQuery('create', query, 's3cret', 'sha1')
    expect(verifyChecksum('create', `${query}&checksum=${weak}`, ['s3cret'])).toBe(true)
    expect(verifyChecksum('create', `${query}&checksum=${weak}`, ['s3cret'], ['sha256', 'sha512'])).toBe(false)
  })

  test('accepts what was signed, wherever the checksum stands', () => {
    const part = fc.stringMatching(/^[a-z]{1,5}=[a-zA-Z0-9%+]{0,8}$/)
    fc.assert(
      fc.property(fc.array(part), fc.nat(), fc.constantFrom(...checksumAlgorithms), (parts, at, algorithm) => {
        const signed = signQuery('join', parts.join('&'), 'k', algorithm)
        const raw = parts.toSpliced(at % (parts.length + 1), 0, `checksum=${signed}`).join('&')
        return verifyChecksum('join', raw, ['k'])
      }),
    )
  })
})
