import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  emptySpace,
  isOverfull,
  leftBytes,
  usedBytes,
  withLimit,
  withReleased,
  withReserved,
  type Space,
} from './space.ts'

const space: Space = { limitBytes: 100, rightsVersion: 5, bytesByRecording: { a: 40, b: 30 } }

describe('space', () => {
  test.each([
    ['what fits is reserved', 'c', 30, { ...space, bytesByRecording: { a: 40, b: 30, c: 30 } }],
    ['one byte too many is not', 'c', 31, { refused: 'no-room' }],
    ['asked again it takes the place of its own', 'a', 70, { ...space, bytesByRecording: { a: 70, b: 30 } }],
  ])('%s', (_rule, id, bytes, then) => expect(withReserved(space, id, bytes)).toEqual(then))

  test('nothing is reserved before the rights are known', () =>
    expect(withReserved(emptySpace, 'a', 1)).toEqual({ refused: 'rights-unknown' }))

  test.each([
    ['newer rights win', 6, 10],
    ['the same rights again change nothing', 5, 100],
    ['older rights that come late change nothing', 4, 100],
  ])('%s', (_rule, version, limitBytes) => expect(withLimit(space, 10, version).limitBytes).toBe(limitBytes))

  test.each([
    ['a limit below what is used', 69, true],
    ['a limit that is just used up', 70, false],
    ['no space at all', 0, true],
  ])('%s', (_rule, limitBytes, overfull) => expect(isOverfull({ ...space, limitBytes })).toBe(overfull))

  test('no space is no trouble for who uses none', () =>
    expect(isOverfull({ limitBytes: 0, rightsVersion: 1, bytesByRecording: {} })).toBe(false))

  test('reservations never pass the limit, and what is released is free again', () => {
    const step = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), bytes: fc.nat(60), release: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let now: Space = { limitBytes: 100, rightsVersion: 1, bytesByRecording: {} }
        for (const { id, bytes, release } of steps) {
          const next = release ? withReleased(now, id) : withReserved(now, id, bytes)
          if (!('refused' in next)) now = next
          expect(usedBytes(now)).toBeLessThanOrEqual(100)
          expect(usedBytes(now) + leftBytes(now)).toBe(100)
        }
      }),
    )
  })
})
