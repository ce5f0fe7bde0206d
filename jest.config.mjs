// Node runs the TypeScript as it is, so does Jest: no transform. `npm test` calls it through infra/jest/run.ts.
export default {
  roots: ['<rootDir>/libs', '<rootDir>/services', '<rootDir>/e2e', '<rootDir>/infra'],
  modulePathIgnorePatterns: ['<rootDir>/infra/launcher/toolchain'],
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'cjs', 'json', 'node'],
  setupFiles: ['<rootDir>/infra/jest/setup-errors.ts'],
  globalSetup: '<rootDir>/infra/jest/global-setup.ts',
  globalTeardown: '<rootDir>/infra/jest/global-teardown.ts',
  reporters: ['default', '<rootDir>/infra/jest/tally.mjs'],
  maxWorkers: 2,
  testTimeout: 30_000,
}
