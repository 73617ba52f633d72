/** CIL314: a dash splits one rule into one for every port and one for everybody. */
import { ccnp, cnp, host, networkPolicy, object, places, ports, words } from '../../support/intent';

const APP = { matchLabels: { app: 'a' } };
const DNS = { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } };
const from = (peer: object) => ({ fromEndpoints: [peer] });
const to = (peer: object) => ({ toEndpoints: [peer] });

test.each<[string, string, string]>([
  ['pods, then ports', cnp({ ingress: [from(APP), ports(8080)] }), '/spec/ingress/1'],
  ['ports, then pods', cnp({ ingress: [ports(8080), from(APP)] }), '/spec/ingress/1'],
  ['the world, then a port of the web', cnp({ egress: [{ toEntities: ['world'] }, ports(443)] }), '/spec/egress/1'],
  ['the API server, then its port', ccnp({ egress: [{ toEntities: ['kube-apiserver'] }, ports(443)] }), '/spec/egress/1'],
  ['DNS names, then their port', cnp({ egress: [{ toFQDNs: [{ matchName: 'a.example.com' }] }, ports(443)] }), '/spec/egress/1'],
  ['DNS servers, then their port', cnp({ egress: [to(DNS), ports(53), { toEntities: ['world'] }] }), '/spec/egress/1'],
  ['networks, then ports', cnp({ ingress: [{ fromCIDR: ['10.0.0.0/8'] }, ports(5432)] }), '/spec/ingress/1'],
  ['a named port', cnp({ ingress: [from(APP), ports('metrics')] }), '/spec/ingress/1'],
  ['deny rules, of all peers and ports', cnp({ egressDeny: [{ toEntities: ['all'] }, ports(80)] }), '/spec/egressDeny/1'],
  [
    'in `specs`',
    object('CiliumNetworkPolicy', { specs: [{ endpointSelector: {}, ingress: [from(APP), ports(8080)] }] }),
    '/specs/0/ingress/1',
  ],
  ['behind a complete rule', cnp({ ingress: [{ ...from(APP), ...ports(1) }, from(APP), ports(8080)] }), '/spec/ingress/2'],
  ['a NetworkPolicy', networkPolicy({ ingress: [{ from: [{ podSelector: APP }] }, { ports: [{ port: 8080 }] }] }), '/spec/ingress/1'],
  [
    'egress of a NetworkPolicy',
    networkPolicy({ egress: [{ to: [{ namespaceSelector: APP }] }, { ports: [{ port: 5432 }] }] }),
    '/spec/egress/1',
  ],
])('reported: %s', (_, text, path) => {
  expect(places('CIL314', text)).toEqual([path]);
});

test.each<[string, string]>([
  ['one rule with both', cnp({ ingress: [{ ...from(APP), ...ports(8080) }] })],
  ['every pod of the namespace', cnp({ ingress: [from({}), ports(8080)] })],
  ['a web port for everybody', cnp({ ingress: [from(APP), ports(80)] })],
  ['a web port by name', cnp({ ingress: [from(APP), ports('https')] })],
  ['DNS with any server', cnp({ egress: [{ toFQDNs: [{ matchName: 'a.example.com' }] }, ports(53)] })],
  [
    'ports whose requests are made visible',
    cnp({ egress: [{ toEntities: ['world'] }, { toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{}] } }] }] }),
  ],
  ['the cluster', cnp({ ingress: [{ fromEntities: ['cluster'] }, ports(8080)] })],
  ['a host policy', host({ ingress: [{ fromCIDR: ['10.0.0.0/8'] }, ports(22)] })],
  ['two rules with ports', cnp({ ingress: [from(APP), ports(8080), ports(9090)] })],
  ['two rules with peers', cnp({ ingress: [from(APP), from(DNS), ports(8080)] })],
  ['different sections', cnp({ ingress: [from(APP)], egress: [ports(8080)] })],
  ['an allow and a deny section', cnp({ ingress: [from(APP)], ingressDeny: [ports(8080)] })],
  ['a rule with ICMP types', cnp({ ingress: [from(APP), { icmps: [{ fields: [{ type: 8 }] }] }] })],
  ['peers whose ports are all of them on purpose', cnp({ ingress: [{ ...from(APP), toPorts: [] }, ports(8080)] })],
  [
    'ports that are for everybody on purpose',
    networkPolicy({ ingress: [{ from: [{ podSelector: APP }] }, { from: [], ports: [{ port: 8080 }] }] }),
  ],
  ['DNS of a NetworkPolicy', networkPolicy({ egress: [{ to: [{ podSelector: APP }] }, { ports: [{ port: 53, protocol: 'UDP' }] }] })],
  ['every namespace', networkPolicy({ egress: [{ to: [{ namespaceSelector: {} }] }, { ports: [{ port: 5432 }] }] })],
])('not reported: %s', (_, text) => {
  expect(places('CIL314', text)).toEqual([]);
});

test('the messages', () => {
  expect(words('CIL314', cnp({ ingress: [from(APP), ports(8080)] }))).toBe(
    'rule allows its ports for everybody, and the rule before it allows every port for its peers | write `toPorts` and the peers in one rule, without a dash between them',
  );
  expect(words('CIL314', cnp({ ingressDeny: [ports(8080), from(APP)] }))).toBe(
    'rule denies every port for its peers, and the rule before it denies its ports for everybody | write `toPorts` and the peers in one rule, without a dash between them',
  );
});
