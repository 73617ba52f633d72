/** Numbers of identities: two have the same number only if they have the same labels and ports. */
import { label } from '../../lib/model/label';
import type { Requirement, Selector } from '../../lib/model/policy';
import { Identities } from '../../lib/reach/identities';
import { agentOf } from '../../lib/resolve/agent';

function identities(): Identities {
  const agent = agentOf('1.20', {});
  if (!agent.ok) {
    throw new Error(agent.problem);
  }
  return new Identities(agent.value);
}

test('sources of labels are told apart, also where they end with digits', () => {
  const all = identities();
  const labels = Array.from({ length: 13 }, (_, i) => label('k8s', `key-${i}`, 'x'));
  labels.forEach((one) => all.numberOf({ labels: [one], ports: [] }));
  const numbers = [label('a1', 'key-2', 'x'), label('a', 'key-12', 'x'), label('a', 'key-2', 'x'), label('k8s', 'key-2', 'x')].map((one) =>
    all.numberOf({ labels: [one], ports: [] }),
  );
  expect(new Set(numbers).size).toBe(4);
});

test('the same labels and ports have the same number, and other ports another one', () => {
  const all = identities();
  const labels = [label('k8s', 'app', 'web')];
  const http = { name: 'http', protocol: 'TCP', number: 80 };
  const [plain, again, ported] = [[], [], [http]].map((ports) => all.numberOf({ labels: [...labels], ports }));
  expect([again === plain, ported === plain]).toEqual([true, false]);
});

test('a pod of another cluster has a number of its own, even if nothing of its labels says so', () => {
  const all = identities();
  const labels = [label('k8s', 'app', 'web')];
  const [here, there, again] = [{}, { isRemote: true }, {}].map((more) => all.numberOf({ labels, ports: [], ...more }));
  expect([there === here, again === here]).toEqual([false, true]);
});

test.each<[string, readonly Requirement[], readonly number[]]>([
  ['one value', [{ source: 'k8s', key: 'app', operator: 'In', values: ['b'] }], [1]],
  ['several values', [{ source: 'k8s', key: 'app', operator: 'In', values: ['a', 'b'] }], [0, 1]],
  ['any value', [{ source: 'k8s', key: 'app', operator: 'Exists', values: [] }], [0, 1, 2]],
  [
    'two labels',
    [
      { source: 'k8s', key: 'app', operator: 'In', values: ['a', 'b'] },
      { source: 'k8s', key: 'tier', operator: 'Exists', values: [] },
    ],
    [0],
  ],
  ['all values but one', [{ source: 'k8s', key: 'app', operator: 'NotIn', values: ['a'] }], [1, 2, 3]],
])('a selector selects identities that were there before and that come later: %s', (_, requirements, expected) => {
  const [before, after] = [identities(), identities()];
  const selector: Selector = { is: 'labels', key: JSON.stringify(requirements), requirements, ofEndpoints: true };
  const early = after.selected(selector);
  for (const all of [before, after]) {
    ['a', 'b', 'c'].forEach((app) =>
      all.numberOf({ labels: [label('k8s', 'app', app), ...(app === 'a' ? [label('k8s', 'tier', 'q')] : [])], ports: [] }),
    );
    all.numberOf({ labels: [label('k8s', 'tier', 'q')], ports: [] });
  }
  expect([[...before.selected(selector).direct], [...early.direct]]).toEqual([expected, expected]);
});
