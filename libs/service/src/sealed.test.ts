import { expect, test } from '@jest/globals'
import { seal, unseal } from './sealed.ts'

const secret = 'a-secret-of-more-than-thirty-two-characters'

test('what is sealed opens with the same secret and purpose only', () => {
  const sealed = seal('grüße', secret, 'node-1')
  expect(sealed.includes('gr')).toBe(false)
  expect(unseal(sealed, secret, 'node-1')).toBe('grüße')
  expect(() => unseal(sealed, secret, 'node-2')).toThrow()
  expect(() => unseal(sealed, `${secret}!`, 'node-1')).toThrow()
})

test('one altered bit is noticed', () => {
  const sealed = seal('text', secret, 'p')
  sealed[sealed.length - 1]! ^= 1
  expect(() => unseal(sealed, secret, 'p')).toThrow()
})

test('the same text is never sealed alike', () => {
  expect(seal('text', secret, 'p')).not.toEqual(seal('text', secret, 'p'))
})
