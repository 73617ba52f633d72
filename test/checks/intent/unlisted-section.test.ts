/** CIL316: rules for a direction that a NetworkPolicy does not list. */
import { MINORS } from '../../../lib/crd/minor';
import { isAllowed, networkPolicy, places, words } from '../../support/intent';

const RULE = { ports: [{ port: 8080 }] };

test.each<[string, object, string[]]>([
  ['egress', { policyTypes: ['Ingress'], egress: [RULE] }, ['/spec/egress']],
  ['ingress', { policyTypes: ['Egress'], ingress: [{}], egress: [] }, ['/spec/ingress']],
])('reported: %s', (_, spec, paths) => {
  expect(places('CIL316', networkPolicy(spec))).toEqual(paths);
});

test.each<[string, object]>([
  ['a list of both', { policyTypes: ['Ingress', 'Egress'], ingress: [RULE], egress: [RULE] }],
  ['no list', { egress: [RULE] }],
  ['an empty list', { policyTypes: [], egress: [RULE] }],
  ['no rules', { policyTypes: ['Ingress'], egress: [] }],
  ['a list that is filled in later', { policyTypes: ['${TYPE}'], egress: [RULE] }],
])('not reported: %s', (_, spec) => {
  expect(places('CIL316', networkPolicy(spec))).toEqual([]);
});

test('the section is enforced', () => {
  const spec = { policyTypes: ['Ingress'], ingress: [{}], egress: [{ ports: [{ port: 1 }] }] };
  for (const cilium of MINORS) {
    expect(isAllowed(networkPolicy(spec), { to: 'entity:world' }, { cilium })).toBe(false);
    expect(isAllowed(networkPolicy(spec), { to: 'entity:world', port: 1 }, { cilium })).toBe(true);
  }
});

test('the message', () => {
  expect(words('CIL316', networkPolicy({ policyTypes: ['Ingress'], egress: [RULE] }))).toBe(
    '`policyTypes` lacks `Egress`, and Cilium enforces `egress` all the same | add `Egress` to `policyTypes`, or remove `egress`',
  );
});
