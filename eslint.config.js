import { globSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import tseslint from 'typescript-eslint'

const services = readdirSync('services')

/** Why an import is not allowed here, told to whoever tries. */
const forbid = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] })
const otherServices = {
  group: services.map((name) => `@meetcoop/${name}`).concat('../../**/services/**'),
  message: 'Services never import each other: ask over gRPC or listen to events (libs/contracts).',
}
const simulators = { group: ['@meetcoop/sim-*', '@meetcoop/e2e'], message: 'The product does not know its simulators.' }
const upwards = (...names) => ({
  group: names.map((name) => `**/${name}`),
  message: 'Imports run main → service → edges, store → domain → nothing.',
})
const pureDomain = {
  regex: '^(?!\\./)',
  allowTypeImports: true,
  message: 'The domain imports types only: time, ids and look-ups arrive in the command.',
}
// An aggregate is the file named like its folder: contribution/contribution.ts.
const aggregates = globSync('services/*/src/*/*.ts').filter((path) => path.split('/').at(-2) === basename(path, '.ts'))

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      'var/**',
      'libs/contracts/gen/**',
      'services/portal/dist/**',
      'services/portal/web/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: ['error', 'smart'],
    },
  },
  { files: ['libs/*/src/**/*.ts'], rules: forbid(otherServices, simulators) },
  { files: ['services/*/src/**/*.ts'], rules: forbid(otherServices, simulators) },
  // A service that speaks to BBB nodes is tested against simulated ones.
  { files: ['services/*/src/service-under-test.ts'], rules: forbid(otherServices) },
  {
    files: ['services/*/src/edges/**/*.ts'],
    rules: forbid(otherServices, simulators, upwards('service.ts', 'main.ts')),
  },
  { files: [...aggregates, 'services/nothing.ts'], rules: forbid(otherServices, pureDomain) },
  {
    files: ['**/*.test.ts', '**/conformance/*.ts', '**/testing.ts', '**/*-under-test.ts', 'e2e/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
)
