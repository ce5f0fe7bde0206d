import { describe, expect, test } from '@jest/globals'
import { given } from '@meetcoop/decider'
import { memberDecider, type MemberCommand } from './member.ts'
import type { Catalogue } from './catalogue.ts'
import type { Counted, MemberFact } from './state.ts'

const unlimited = { bound: { $case: 'unlimited', value: true } } as const
const atMost = (value: number) => ({ bound: { $case: 'atMost', value } }) as const
const full = { personalRooms: unlimited, sessionMinutes: unlimited, vote: true }
const little = { personalRooms: atMost(1), sessionMinutes: atMost(60), vote: false }
const catalogue: Catalogue = {
  basicTier: 'basic',
  tiers: [
    { id: 'basic', rights: { ...little, hostAccounts: 0, recordingSpaceBytes: 0 } },
    { id: 'micro', rights: { ...full, hostAccounts: 2, recordingSpaceBytes: 25e9 } },
    { id: 'small', rights: { ...full, hostAccounts: 5, recordingSpaceBytes: 50e9 } },
  ],
}
const fewer: Catalogue = {
  ...catalogue,
  tiers: catalogue.tiers.map(({ id, rights }) => ({ id, rights: { ...rights, hostAccounts: 1 } })),
}

const count = (tierId: string, version: number, more: Partial<Counted> = {}): MemberCommand => ({
  type: 'CountContribution',
  memberId: 'member-1',
  counted: { contributionId: 'oc-1', version, tierId, live: true, rightsUntilMs: 50, ...more },
  catalogue,
  nowMs: 7,
})
const review = (by = catalogue): MemberCommand => ({ type: 'Review', catalogue: by })
const agree: MemberCommand = { type: 'AgreeHostAccount', catalogue }
const rotate = (hostAccountId: string): MemberCommand => ({ type: 'RotateSecret', hostAccountId, previousUntilMs: 90 })

function after(...commands: MemberCommand[]): MemberFact[] {
  const past: MemberFact[] = []
  for (const command of commands) {
    const { then } = given(memberDecider, past).when(command)
    if ('refused' in then) throw new Error(`the past was refused: ${then.refused}`)
    past.push(...then)
  }
  return past
}

/** Facts in one word each, with what is particular in them. */
function told(past: MemberFact[], command: MemberCommand) {
  const { then } = given(memberDecider, past).when(command)
  return 'refused' in then ? then.refused : then.map(inWords).join(', ')
}

function inWords(fact: MemberFact): string {
  switch (fact.type) {
    case 'MemberAdmitted':
      return `admitted at ${fact.data.admittedAtMs}`
    case 'ContributionCounted':
      return `counted ${fact.data.contributionId}.${fact.data.contributionVersion}`
    case 'TierGranted':
      return `granted ${fact.data.tierId}`
    case 'TierLapsed':
      return `lapsed ${fact.data.tierId}`
    case 'EntitlementsSet':
      return `rights ${fact.data.tierId}/${fact.data.entitlements?.hostAccounts}`
    case 'HostAccountsAgreed':
      return `agreed ${fact.data.beyondTier}`
    case 'HostAccountOpened':
      return `opened ${fact.data.hostAccountId.slice(9)}.${fact.data.secretGeneration}`
    case 'HostAccountClosed':
      return `closed ${fact.data.hostAccountId.slice(9)}`
    case 'HostAccountSecretRotated':
      return `rotated ${fact.data.hostAccountId.slice(9)}.${fact.data.secretGeneration} ${fact.data.previousUntilMs}`
  }
}

const micro = count('micro', 1)
const small = count('small', 2)
const over = count('micro', 9, { live: false })
const other = (version: number, more: Partial<Counted> = {}) =>
  count('small', version, { contributionId: 'oc-2', ...more })

describe('a member', () => {
  test.each([
    [
      'is admitted by its first contribution, with all rights of the tier',
      [],
      micro,
      'admitted at 7, counted oc-1.1, granted micro, rights micro/2, opened h1.1, opened h2.1',
    ],
    [
      'is admitted as a basic user when that is over already',
      [],
      over,
      'admitted at 7, counted oc-1.9, granted basic, rights basic/0',
    ],
    ['keeps its rights when a contribution is only renewed', [micro], count('micro', 2), 'counted oc-1.2'],
    ['is not touched by a version it has counted', [micro], micro, ''],
    ['is not touched by an older version', [small], micro, ''],
    [
      'rises at once, and opens what it has more',
      [micro],
      small,
      'counted oc-1.2, granted small, rights small/5, opened h3.1, opened h4.1, opened h5.1',
    ],
    [
      'descends at once, and closes the newest first',
      [small],
      count('micro', 3),
      'counted oc-1.3, granted micro, rights micro/2, closed h5, closed h4, closed h3',
    ],
    [
      'becomes a basic user when it lapses',
      [micro],
      over,
      'counted oc-1.9, lapsed micro, rights basic/0, closed h2, closed h1',
    ],
    [
      'has the best tier of several contributions',
      [micro],
      other(1),
      'counted oc-2.1, granted small, rights small/5, opened h3.1, opened h4.1, opened h5.1',
    ],
    ['does not lose it to a lesser one', [other(1)], micro, 'counted oc-1.1'],
    [
      'falls back to the next best',
      [micro, other(1)],
      other(2, { live: false }),
      'counted oc-2.2, granted micro, rights micro/2, closed h5, closed h4, closed h3',
    ],
    [
      'with a tier the catalogue does not have is a basic user',
      [],
      count('gone', 1),
      'admitted at 7, counted oc-1.1, granted basic, rights basic/0',
    ],
    [
      'that comes back finds its host accounts',
      [micro, over],
      count('micro', 10),
      'counted oc-1.10, granted micro, rights micro/2, opened h1.1, opened h2.1',
    ],
    [
      'that comes back finds the newest secret',
      [micro, rotate('member-1-h2'), over],
      count('micro', 10),
      'counted oc-1.10, granted micro, rights micro/2, opened h1.1, opened h2.2',
    ],
    ['gets what a new catalogue gives', [micro], review(fewer), 'rights micro/1, closed h2'],
    ['stays as it is while the catalogue does', [micro], review(), ''],
    ['may be agreed one host account more', [micro], agree, 'agreed 1, rights micro/3, opened h3.1'],
    [
      'keeps what was agreed when it rises',
      [micro, agree],
      small,
      'counted oc-1.2, granted small, rights small/6, opened h4.1, opened h5.1, opened h6.1',
    ],
    [
      'loses it when it lapses',
      [micro, agree],
      over,
      'counted oc-1.9, lapsed micro, rights basic/0, closed h3, closed h2, closed h1',
    ],
    [
      'gets it again when it comes back',
      [micro, agree, over],
      count('micro', 10),
      'counted oc-1.10, granted micro, rights micro/3, opened h1.1, opened h2.1, opened h3.1',
    ],
    ['is agreed none as a basic user', [over], agree, 'basic-tier'],
    ['gets a new secret', [micro], rotate('member-1-h1'), 'rotated h1.2 90'],
    ['gets none for an account that is closed', [micro, over], rotate('member-1-h1'), 'no-open-host-account'],
    ['gets none for an account it does not have', [micro], rotate('member-1-h3'), 'no-open-host-account'],
  ])('%s', (_rule, past, command, expected) => {
    expect(told(after(...past), command)).toBe(expected)
  })
})
