/** What the library knows, against what Cilium's own code knows: conformance/ wrote the facts of every supported minor. */
import versions from '../imports/versions.json';
import { ICMP_TYPES, IcmpFamily } from '../lib/net/icmp';
import { isIdentityRelevant } from '../lib/net/identity-labels';
import facts from './vectors/facts.json';
import { Entity, Protocol } from 'cdk8s-cilium';

/** They pass the agent, and no CRD lists them. */
const AGENT_ONLY = ['world-ipv4', 'world-ipv6'];

const minors = Object.entries(facts);
const [, newest] = minors[minors.length - 1];

test('the facts are those of the versions that the CRDs are from', () => {
  expect(Object.fromEntries(minors.map(([minor, { version }]) => [minor, version]))).toEqual(versions);
});

test('the entities are those of the newest minor, and older ones know no others', () => {
  expect(
    Object.values(Entity)
      .concat(AGENT_ONLY as Entity[])
      .sort(),
  ).toEqual(newest.entities);
  for (const [, { entities }] of minors) {
    expect(newest.entities).toEqual(expect.arrayContaining(entities));
  }
});

test('the protocols are those of the newest minor, and older ones know no others', () => {
  expect(Object.values(Protocol).sort()).toEqual([...newest.protocols].sort());
  for (const [, { protocols }] of minors) {
    expect(newest.protocols).toEqual(expect.arrayContaining(protocols));
  }
});

describe.each(minors)('in %s', (_, { icmp, identityLabels }) => {
  test.each(Object.keys(ICMP_TYPES) as IcmpFamily[])('the ICMP types of %s have these names and numbers', (family) => {
    expect(ICMP_TYPES[family]).toEqual(icmp[family]);
  });

  test.each(Object.entries(identityLabels))('whether the label %s is part of an identity: %s', (key, relevant) => {
    expect(isIdentityRelevant(key)).toBe(relevant);
  });
});
