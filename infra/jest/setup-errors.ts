import { types } from 'node:util'

// Errors made by Node itself come from outside the realm that Jest runs tests in: there `instanceof Error` must know them too.
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown) {
    return this === Error ? types.isNativeError(value) : Function.prototype[Symbol.hasInstance].call(this, value)
  },
})
