/** CIL336: all addresses, where the API server is meant. */
import { cnp, findings, isAllowed, networkPolicy, places, words } from '../../support/intent';

const ports = (...all: readonly string[]) => ({ toPorts: [{ ports: all.map((port) => ({ port, protocol: 'TCP' })) }] });
const to = (cidr: string, ...all: readonly string[]) => ({ toCIDR: [cidr], ...ports(...all) });
const block = (cidr: string, port: number | string) =>
  networkPolicy({ egress: [{ to: [{ ipBlock: { cidr } }], ports: [{ port, protocol: 'TCP' }] }] });

test.each([
  ['a CIDR', cnp({ egress: [to('0.0.0.0/0', '6443')] }), '/spec/egress/0/toCIDR/0'],
  ['a CIDR with exceptions', cnp({ egress: [{ toCIDRSet: [{ cidr: '::/0' }], ...ports('6443') }] }), '/spec/egress/0/toCIDRSet/0/cidr'],
  ['a NetworkPolicy', block('0.0.0.0/0', 6443), '/spec/egress/0/to/0/ipBlock/cidr'],
])('reported: %s', (_, text, path) => {
  expect(places('CIL336', text)).toEqual([path]);
  expect(findings('CIL336', text).map(({ severity }) => severity)).toEqual(['info']);
});

test.each([
  ['other ports', cnp({ egress: [to('0.0.0.0/0', '443')] })],
  ['other ports too', cnp({ egress: [to('0.0.0.0/0', '6443', '443')] })],
  ['every port', cnp({ egress: [{ toCIDR: ['0.0.0.0/0'] }] })],
  ['a range', cnp({ egress: [{ toCIDR: ['0.0.0.0/0'], toPorts: [{ ports: [{ port: '6443', endPort: 6500 }] }] }] })],
  ['certain addresses', cnp({ egress: [to('192.0.2.0/24', '6443')] })],
  ['the entity beside it', cnp({ egress: [to('0.0.0.0/0', '6443'), { toEntities: ['kube-apiserver'] }] })],
  ['a deny rule', cnp({ egressDeny: [to('0.0.0.0/0', '6443')] })],
  ['ingress', cnp({ ingress: [{ fromCIDR: ['0.0.0.0/0'], ...ports('6443') }] })],
  ['a placeholder', block('0.0.0.0/0', '${PORT}')],
])('not reported: %s', (_, text) => {
  expect(places('CIL336', text)).toEqual([]);
});

test('a node is not in the CIDR, and an API server may be one', () => {
  const byAddress = cnp({ egress: [to('0.0.0.0/0', '6443')] });
  expect(isAllowed(byAddress, { to: 'entity:remote-node', port: 6443 })).toBe(false);
  expect(isAllowed(byAddress, { to: 'entity:kube-apiserver', port: 6443 })).toBeNull();
  expect(
    isAllowed(cnp({ egress: [{ toEntities: ['kube-apiserver'], ...ports('6443') }] }), { to: 'entity:kube-apiserver', port: 6443 }),
  ).toBe(true);
});

test('the message', () => {
  expect(words('CIL336', block('0.0.0.0/0', 6443))).toBe(
    'an API server that runs in the cluster is not in `0.0.0.0/0` | write a Cilium policy with the entity `kube-apiserver` too',
  );
});
