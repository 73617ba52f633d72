/** CIL332: the address of the API server's Service, which Cilium replaces before it asks policies, so this never matches. */
import type { JsonObject } from '../../../lib/model/json';
import { ccnp, cnp, findings, host, networkPolicy, object, places, ports, words } from '../../support/intent';
import { foundIn } from '../../support/policies';

const ADDRESS = '10.96.0.1/32';
const to = (cidr: string, more: object = {}) => ({ toCIDR: [cidr], ...more });
const tier = (network: string) =>
  object('ClusterNetworkPolicy', {
    spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, egress: [{ action: 'Accept', to: [{ networks: [network] }] }] },
  });

test.each<[string, string, string]>([
  ['a CIDR', cnp({ egress: [to(ADDRESS)] }), '/spec/egress/0/toCIDR/0'],
  ['on its port', cnp({ egress: [to(ADDRESS, ports(443))] }), '/spec/egress/0/toCIDR/0'],
  ['on a named port', cnp({ egress: [to(ADDRESS, ports('https'))] }), '/spec/egress/0/toCIDR/0'],
  ['on every port', cnp({ egress: [to(ADDRESS, ports(0))] }), '/spec/egress/0/toCIDR/0'],
  ['beside another CIDR', ccnp({ egress: [{ toCIDR: ['192.0.2.0/24', '10.152.183.1/32'] }] }), '/spec/egress/0/toCIDR/1'],
  ['a set', cnp({ egress: [{ toCIDRSet: [{ cidr: ADDRESS }] }] }), '/spec/egress/0/toCIDRSet/0/cidr'],
  ['a deny rule', cnp({ egressDeny: [to(ADDRESS)] }), '/spec/egressDeny/0/toCIDR/0'],
  ['a host policy', host({ egress: [to(ADDRESS)] }), '/spec/egress/0/toCIDR/0'],
  [
    '`specs`',
    object('CiliumNetworkPolicy', { specs: [{ endpointSelector: {}, egress: [to('172.20.0.1/32')] }] }),
    '/specs/0/egress/0/toCIDR/0',
  ],
  ['a NetworkPolicy', networkPolicy({ egress: [{ to: [{ ipBlock: { cidr: ADDRESS } }] }] }), '/spec/egress/0/to/0/ipBlock/cidr'],
  ['a ClusterNetworkPolicy', tier(ADDRESS), '/spec/egress/0/to/0/networks/0'],
])('reported: %s', (_, text, path) => {
  expect(places('CIL332', text)).toEqual([path]);
});

test.each<[string, string]>([
  ['another address', cnp({ egress: [to('10.96.0.2/32')] })],
  ['the whole range', cnp({ egress: [to('10.96.0.0/12')] })],
  ['an exception', cnp({ egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: [ADDRESS] }] }] })],
  ['another port', cnp({ egress: [to(ADDRESS, ports(53))] })],
  ['ingress', cnp({ ingress: [{ fromCIDR: [ADDRESS] }] })],
  ['beside the entity', cnp({ egress: [to(ADDRESS), { toEntities: ['kube-apiserver'] }] })],
  ['a value that is filled in later', cnp({ egress: [to('${API}/32')] })],
  ['another port of a NetworkPolicy', networkPolicy({ egress: [{ to: [{ ipBlock: { cidr: ADDRESS } }], ports: [{ port: 53 }] }] })],
])('not reported: %s', (_, text) => {
  expect(places('CIL332', text)).toEqual([]);
});

test('a deny rule is reported beside an allow of the entity', () => {
  expect(places('CIL332', cnp({ egressDeny: [to(ADDRESS)], egress: [{ toEntities: ['kube-apiserver'] }] }))).toHaveLength(1);
});

test('with the Service itself, CIL504 tells', () => {
  const policy = JSON.parse(cnp({ egress: [to(ADDRESS)] })) as JsonObject;
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default' },
    spec: { clusterIP: '10.96.0.1', ports: [{ port: 443 }] },
  };
  expect(foundIn([policy, service], 'CIL332')).toEqual([]);
  expect(foundIn([policy, service], 'CIL504')).toHaveLength(1);
});

test('an address that other machines often have is at info', () => {
  const severityOf = (cidr: string) => findings('CIL332', cnp({ egress: [to(cidr)] }))[0].severity;
  expect(['10.96.0.1/32', '10.43.0.1/32', '10.152.183.1/32'].map(severityOf)).toEqual(['warning', 'warning', 'warning']);
  expect(['10.100.0.1/32', '172.20.0.1/32'].map(severityOf)).toEqual(['info', 'info']);
});

test('the messages', () => {
  expect(words('CIL332', cnp({ egress: [to('10.43.0.1/32')] }))).toBe(
    "`10.43.0.1` is the default address of the API server's Service in k3s and RKE2, which Cilium replaces before it asks policies, so this never matches | write the entity `kube-apiserver`",
  );
  expect(words('CIL332', networkPolicy({ egress: [{ to: [{ ipBlock: { cidr: ADDRESS } }] }] }))).toContain(
    '| write a Cilium policy with the entity `kube-apiserver`',
  );
});
