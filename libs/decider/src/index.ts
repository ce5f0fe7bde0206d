export * from './decider.ts'
export * from './given.ts'
