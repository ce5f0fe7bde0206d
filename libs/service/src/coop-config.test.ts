import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { CoopConfigError, loadCoopConfig, parseCoopConfig } from './coop-config.ts'

const exampleFile = path.resolve(import.meta.dirname, '../../../coop.yaml')
const example = readFileSync(exampleFile, 'utf8')
const lineOf = (text: string) => example.slice(0, example.indexOf(text)).split('\n').length
const problemsOf = (source: string): readonly string[] => {
  try {
    parseCoopConfig(source, 'coop.yaml')
  } catch (error) {
    if (error instanceof CoopConfigError) return error.problems
    throw error
  }
  return []
}

describe("the example co-op's tiers are those that the co-op published", () => {
  const config = loadCoopConfig(exampleFile)
  const row = (id: string) => config.tiers.find((tier) => tier.id === id)
  const yearly = (amountMinor: number) => ({ amountMinor, per: 'year' })

  test.each([
    ['basic-user', 'free', 1, 60, 0, 0, false],
    ['individual-host', yearly(120_00), 'unlimited', 'unlimited', 1, 5e9, true],
    ['micro-organisation', yearly(250_00), 'unlimited', 'unlimited', 2, 25e9, true],
    ['small-organisation', yearly(500_00), 'unlimited', 'unlimited', 5, 50e9, true],
    ['large-organisation', 'agreed', 'unlimited', 'unlimited', 10, 100e9, true],
  ])('%s', (id, contribution, personalRooms, sessionMinutes, hostAccounts, recordingSpaceBytes, vote) => {
    expect(row(id)).toMatchObject({
      contribution,
      personalRooms,
      sessionMinutes,
      hostAccounts,
      recordingSpaceBytes,
      vote,
    })
  })

  test('what is read is frozen all the way down', () => {
    expect(Object.isFrozen(config) && config.tiers.every((tier) => Object.isFrozen(tier.opencollectiveTiers))).toBe(
      true,
    )
  })

  test('graceDays may be left out', () => {
    expect(parseCoopConfig(example.replace('graceDays: 20', ''), 'coop.yaml').graceDays).toBe(20)
  })
})

describe('addresses for the world outside', () => {
  const withAddresses = (written: string) => example.replace('house:\n', `addresses: ${written}\nhouse:\n`)

  test('are optional, and end without a slash', () => {
    const { addresses } = parseCoopConfig(withAddresses('{ billing: "https://hooks.example.org/" }'), 'coop.yaml')
    expect(addresses).toEqual({ billing: 'https://hooks.example.org' })
    expect(loadCoopConfig(exampleFile).addresses).toEqual({})
  })

  test('are of services that have one', () => {
    expect(problemsOf(withAddresses('{ biling: https://hooks.example.org }'))).toEqual([
      `coop.yaml:${lineOf('house:')}: addresses.biling is not a setting here, did you mean billing?`,
    ])
  })
})

describe('amounts and sizes are exact', () => {
  const first = (what: string, by: string) => parseCoopConfig(example.replace(what, by), 'coop.yaml').tiers[1]
  const space = (written: string) => first('recordingSpace: 5 GB', `recordingSpace: ${written}`)?.recordingSpaceBytes
  const amount = (written: string) => first('120 EUR per year', written)?.contribution

  test.each([
    ['5 GB', 5_000_000_000],
    ['1.5 GB', 1_500_000_000],
    ['0.001 MB', 1_000],
    ['2TB', 2_000_000_000_000],
  ])('%s', (written, bytes) => expect(space(written)).toBe(bytes))

  test.each([
    ['20.83 EUR per month', { amountMinor: 2083, per: 'month' }],
    ['0.1 EUR per year', { amountMinor: 10, per: 'year' }],
    ['agreed', 'agreed'],
  ])('%s', (written, expected) => expect(amount(written)).toEqual(expected))

  test('a currency without a minor unit', () => {
    const yen = example.replaceAll('EUR', 'JPY')
    expect(parseCoopConfig(yen, 'coop.yaml').tiers[1]?.contribution).toEqual({ amountMinor: 120, per: 'year' })
    expect(problemsOf(yen.replace('120 JPY', '120.5 JPY'))).toHaveLength(1)
  })
})

describe('a mistake is named with its line and what to write instead', () => {
  test.each([
    ['graceDays: 20', 'graceDays: 19', 'graceDays must be a whole number from 20 to 366'],
    ['recordingSpace: 5 GB', 'recordingSpace: 5 GiB', 'tiers[1].recordingSpace must be a size like 25 GB'],
    ['hostAccounts: 2', 'hostAccounts: two', 'tiers[2].hostAccounts must be a whole number'],
    [
      'sessionMinutes: 60',
      'sessionMinutes: 0',
      'tiers[0].sessionMinutes must be a whole number from 1 on, or unlimited',
    ],
    ['250 EUR per year', '250 per year', 'tiers[2].contribution must be an amount like 250 EUR per year'],
    ['250 EUR per year', '250 USD per year', "tiers[2].contribution must be in EUR, the co-op's currency"],
    ['  slug: example', '  slogan: example', 'opencollective.slogan is not a setting here'],
    ['personalRooms: 1', 'personalRoom: 1', 'tiers[0].personalRoom is not a setting here, did you mean personalRooms?'],
    ['tier: large-organisation', 'tier: large-organization', 'did you mean large-organisation?'],
    ['id: micro-organisation', 'id: individual-host', 'tiers[2].id must not repeat individual-host'],
    ['[41203]', '[41202]', 'tiers[3].opencollectiveTiers[0] must not repeat 41202'],
    ['timeZone: Europe/Berlin', 'timeZone: Berlin', 'timeZone must be a time zone like Europe/Berlin'],
    ['currency: EUR', 'currency: EURO', 'currency must be a currency code like EUR'],
    ['vote: false', 'vote: sometimes', 'tiers[0].vote must be true or false'],
    ['name: Example Meeting Co-op', "name: 'Example' Co-op", 'Unexpected scalar'],
  ])('%s → %s', (what, by, message) => {
    const problem = problemsOf(example.replace(what, by)).find((each) => each.includes(message))
    expect(problem).toMatch(new RegExp(`^coop\\.yaml:${lineOf(what)}: `))
  })

  test('what is missing is told at the line of what it belongs to', () => {
    const problems = problemsOf(example.replace('    name: Micro-organisation\n', ''))
    expect(problems).toEqual([
      `coop.yaml:${lineOf('id: micro-organisation')}: tiers[2].name is missing; it must be text`,
    ])
  })

  test('a node must lie in a region that there is', () => {
    const node = 'nodes:\n  - { id: n1, url: https://n1.example.org/bigbluebutton/api/, secretEnv: N1, region: us }\n'
    expect(problemsOf(example.replace('nodes: []', node))).toEqual([
      `coop.yaml:${lineOf('nodes: []') + 1}: nodes[0].region must be one of eu, ca`,
    ])
  })

  test('all mistakes at once, in the order of the file, counted first', () => {
    const broken = example.replace('graceDays: 20', 'graceDays: never').replace('vote: false', 'vote: 3')
    expect(() => parseCoopConfig(broken, 'coop.yaml')).toThrow(
      /^coop.yaml has 2 problems:\ncoop.yaml:\d+: graceDays .*\n.*vote/,
    )
  })

  test.each([[''], ['- a\n- b'], ['just text']])('%j is no configuration', (source) => {
    expect(problemsOf(source)).toEqual(['coop.yaml:1: must hold settings, like `name: My co-op`'])
  })

  test('a file that is not there', () => {
    expect(() => loadCoopConfig('/nowhere/coop.yaml')).toThrow('there is no such file; name another with --config')
  })
})
