/** ClusterNetworkPolicies beside each other: which of them are reported. */
import { checkObjects } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

interface Tiers {
  readonly priority?: number;
  readonly tier?: string;
  readonly subject?: JsonObject;
  readonly actions?: readonly string[];
  readonly section?: 'ingress' | 'egress';
}

function tiers(
  name: string,
  { priority = 10, tier = 'Admin', subject = { namespaces: {} }, actions = ['Deny'], section = 'ingress' }: Tiers,
): JsonObject {
  const peers = section === 'ingress' ? 'from' : 'to';
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name },
    spec: { tier, priority, subject, [section]: actions.map((action) => ({ action, [peers]: [{ namespaces: {} }] })) },
  };
}

/** The findings about order and passing, with the names of the policies. */
function found(...objects: readonly JsonObject[]): string[] {
  return checkObjects(objects, { cilium: '1.20' })
    .filter(({ code }) => code === 'CIL401' || code === 'CIL402')
    .map(({ code, resource }) => `${code} ${resource?.name}`);
}

const ofTeam = (team: string): JsonObject => ({ namespaces: { matchLabels: { team } } });

test.each<[string, Tiers, Tiers, readonly string[]]>([
  ['another action', {}, { actions: ['Accept'] }, ['CIL401 a', 'CIL401 b']],
  ['the same action', {}, {}, []],
  ['another priority', {}, { actions: ['Accept'], priority: 11 }, []],
  ['the other tier', {}, { actions: ['Accept'], tier: 'Baseline' }, []],
  ['the other direction', {}, { actions: ['Accept'], section: 'egress' }, []],
  ['subjects of another namespace', { subject: ofTeam('red') }, { actions: ['Accept'], subject: ofTeam('blue') }, []],
  [
    'subjects of which neither is a part of the other',
    { subject: ofTeam('red') },
    { actions: ['Accept'], subject: { namespaces: { matchLabels: { env: 'a' } } } },
    [],
  ],
  ['a subject that holds the other', { subject: ofTeam('red') }, { actions: ['Accept'] }, ['CIL401 a', 'CIL401 b']],
])('two policies, one with %s', (_, a, b, expected) => {
  expect(found(tiers('a', a), tiers('b', b))).toEqual(expected);
});

test('a policy that stands twice does not meet itself', () => {
  expect(found(tiers('a', { actions: ['Accept', 'Deny'] }), tiers('a', { actions: ['Accept', 'Deny'] }))).toEqual([]);
});

test('of several policies, each one is reported with the first that it may meet', () => {
  const [red, blue] = [tiers('red', { subject: ofTeam('red') }), tiers('blue', { subject: ofTeam('blue') })];
  expect(found(tiers('all', { actions: ['Accept'] }), red, blue)).toEqual(['CIL401 all', 'CIL401 red', 'CIL401 blue']);
});

test.each<[string, readonly JsonObject[], readonly string[]]>([
  ['nothing follows', [tiers('a', { actions: ['Deny', 'Pass'] })], ['CIL402 a']],
  ['a rule of its policy follows', [tiers('a', { actions: ['Pass', 'Deny'] })], []],
  ['a rule of another policy follows', [tiers('a', { actions: ['Pass'] }), tiers('b', { priority: 20 })], []],
  ['a rule of the other tier follows', [tiers('a', { actions: ['Pass'] }), tiers('b', { priority: 20, tier: 'Baseline' })], ['CIL402 a']],
  ['a rule that is filled in later may follow', [tiers('a', { actions: ['Pass'] }), tiers('b', { subject: ofTeam('${TEAM}') })], []],
  ['a value is filled in later', [tiers('a', { actions: ['Pass'], subject: ofTeam('${TEAM}') })], []],
])('a Pass, where %s', (_, objects, expected) => {
  expect(found(...objects)).toEqual(expected);
});

describe('an Admin rule that accepts look-ups', () => {
  const DNS: JsonObject = { action: 'Accept', to: [{ namespaces: {} }], protocols: [{ udp: { destinationPort: { number: 53 } } }] };
  const NAMES: JsonObject = { action: 'Accept', to: [{ domainNames: ['a.example.com'] }] };
  const helpFor = (egress: readonly JsonObject[], tier = 'Admin') =>
    checkObjects([{ ...tiers('a', {}), spec: { tier, priority: 1, subject: { namespaces: {} }, egress } }], {
      cilium: '1.20',
    })
      .filter(({ code }) => code === 'CIL304')
      .map(({ help }) => help);

  test.each<[string, readonly JsonObject[], readonly (string | undefined)[]]>([
    ['is told to pass', [DNS], ['write `action: Pass`']],
    [
      'in a range too',
      [{ ...DNS, protocols: [{ udp: { destinationPort: { range: { start: 50, end: 60 } } } }] }],
      ['write `action: Pass`'],
    ],
    ['before names is told to come after them', [DNS, NAMES], ['write the rule with `domainNames` before it']],
    ['after names is fine', [NAMES, DNS], []],
    ['after a Pass is not asked', [{ ...DNS, action: 'Pass' }, DNS], []],
  ])('%s', (_, egress, expected) => {
    expect(helpFor(egress)).toEqual(expected);
  });

  test('is fine in the Baseline tier', () => {
    expect(helpFor([DNS], 'Baseline')).toEqual([]);
  });
});
