/** CIL315, CIL317, CIL319, CIL320 and CIL330: rules that are not what they look like. */
import { ccnp, cnp, host, isAllowed, networkPolicy, object, places, ports, words } from '../../support/intent';

describe('CIL315', () => {
  const NAMESPACE = { matchLabels: { 'io.kubernetes.pod.namespace': 'monitoring' } };
  const APP = { matchLabels: { app: 'a' } };
  const from = (...selectors: readonly object[]) => cnp({ ingress: [{ fromEndpoints: selectors }] });
  const peers = (...peers: readonly object[]) => networkPolicy({ ingress: [{ from: peers }] });

  test.each<[string, string, string]>([
    ['a namespace, then pods', from(NAMESPACE, APP), '/spec/ingress/0/fromEndpoints/1'],
    ['with prefixes', from({ matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.a': 'b' } }, APP), '/spec/ingress/0/fromEndpoints/1'],
    ['in a clusterwide policy', ccnp({ egressDeny: [{ toEndpoints: [NAMESPACE, APP] }] }), '/spec/egressDeny/0/toEndpoints/1'],
    ['a NetworkPolicy', peers({ namespaceSelector: APP }, { podSelector: APP }), '/spec/ingress/0/from/1'],
  ])('reported: %s', (_, text, path) => {
    expect(places('CIL315', text)).toEqual([path]);
  });

  test.each<[string, string]>([
    ['one selector', from({ matchLabels: { ...NAMESPACE.matchLabels, app: 'a' } })],
    ['pods, then a namespace', from(APP, NAMESPACE)],
    ['two namespaces', from(NAMESPACE, NAMESPACE)],
    ['three selectors', from(NAMESPACE, APP, APP)],
    ['a namespace and every pod', from(NAMESPACE, {})],
    ['an entity', from(NAMESPACE, { matchLabels: { 'reserved:host': '' } })],
    ['one peer of a NetworkPolicy', peers({ namespaceSelector: APP, podSelector: APP })],
    ['every namespace', peers({ namespaceSelector: {} }, { podSelector: APP })],
  ])('not reported: %s', (_, text) => {
    expect(places('CIL315', text)).toEqual([]);
  });

  test('the message', () => {
    expect(words('CIL315', from(NAMESPACE, APP))).toBe(
      "this item selects pods of the policy's own namespace, and the item before it every pod of other namespaces | for these pods in that namespace, write both in one item, without a dash between them",
    );
  });
});

describe('CIL317', () => {
  test.each<[string, string, string[]]>([
    ['beside a rule', cnp({ ingress: [{}, ports(80)] }), ['/spec/ingress/0']],
    ['in several sections', ccnp({ egress: [ports(80), {}], ingressDeny: [{}, {}, ports(80)] }), ['/spec/egress/1', '/spec/ingressDeny/0']],
    ['a host policy', host({ ingress: [{}, ports(22)] }), ['/spec/ingress/0']],
    ['`specs`', object('CiliumNetworkPolicy', { specs: [{ endpointSelector: {}, ingress: [{}, ports(1)] }] }), ['/specs/0/ingress/0']],
    ['a NetworkPolicy', networkPolicy({ ingress: [{ ports: [{ port: 80 }] }, {}] }), ['/spec/ingress/1']],
  ])('reported: %s', (_, text, paths) => {
    expect(places('CIL317', text)).toEqual(paths);
  });

  test.each<[string, string]>([
    ['alone', cnp({ ingress: [{}] })],
    ['twice', cnp({ ingress: [{}, {}] })],
    ['alone in its section', cnp({ ingress: [{}], egress: [ports(80)] })],
    ['a rule for every pod', cnp({ ingress: [{ fromEndpoints: [{}] }, ports(80)] })],
    ['a rule that is filled in later', cnp({ ingress: ['${RULE}', ports(80)] })],
    ['alone in a NetworkPolicy', networkPolicy({ ingress: [{}] })],
  ])('not reported: %s', (_, text) => {
    expect(places('CIL317', text)).toEqual([]);
  });

  test('what an empty rule allows', () => {
    const flow = { from: 'entity:world', port: 81 };
    expect(isAllowed(cnp({ ingress: [{}, ports(80)] }), flow)).toBe(false);
    expect(isAllowed(networkPolicy({ ingress: [{}, { ports: [{ port: 80 }] }] }), flow)).toBe(true);
  });

  test('the messages', () => {
    expect(words('CIL317', cnp({ ingress: [{}, ports(80)] }))).toBe(
      'rule without peers and ports selects nobody | remove it, or write peers: an empty selector for every pod of the namespace, or the entity `all` for everybody',
    );
    expect(words('CIL317', networkPolicy({ egress: [{}, { ports: [{ port: 80 }] }] }))).toBe(
      'rule without peers and ports allows everybody, so the other rules change nothing | remove it, or remove the others',
    );
  });
});

describe('CIL319', () => {
  const group = (cidr: string) => object('CiliumCIDRGroup', { spec: { externalCIDRs: [cidr] } });
  const tier = (cidr: string) =>
    object('ClusterNetworkPolicy', {
      spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, egress: [{ action: 'Deny', to: [{ networks: [cidr] }] }] },
    });

  test.each<[string, string, string]>([
    ['IPv4', cnp({ egress: [{ toCIDR: ['10.1.2.3/16'] }] }), '/spec/egress/0/toCIDR/0'],
    ['IPv6', ccnp({ ingressDeny: [{ fromCIDR: ['2001:db8::1/32'] }] }), '/spec/ingressDeny/0/fromCIDR/0'],
    ['a set', cnp({ ingress: [{ fromCIDRSet: [{ cidr: '10.1.2.3/16' }] }] }), '/spec/ingress/0/fromCIDRSet/0/cidr'],
    [
      'an exception',
      cnp({ ingress: [{ fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.2.3/16'] }] }] }),
      '/spec/ingress/0/fromCIDRSet/0/except/0',
    ],
    ['a group', group('10.1.2.3/16'), '/spec/externalCIDRs/0'],
    ['a network of a ClusterNetworkPolicy', tier('10.1.2.3/16'), '/spec/egress/0/to/0/networks/0'],
  ])('reported: %s', (_, text, path) => {
    expect(places('CIL319', text)).toEqual([path]);
  });

  test.each<[string, string]>([
    ['a network', cnp({ egress: [{ toCIDR: ['10.1.0.0/16'] }] })],
    ['one address', cnp({ egress: [{ toCIDR: ['10.1.2.3/32', '2001:db8::1/128'] }] })],
    ['everything', cnp({ egress: [{ toCIDR: ['0.0.0.0/0', '::/0'] }] })],
    ['a group by name', cnp({ egress: [{ toCIDRSet: [{ cidrGroupRef: 'a' }] }] })],
    ['a NetworkPolicy, which has a check of its own', networkPolicy({ ingress: [{ from: [{ ipBlock: { cidr: '10.1.2.3/16' } }] }] })],
  ])('not reported: %s', (_, text) => {
    expect(places('CIL319', text)).toEqual([]);
  });

  test('the message', () => {
    expect(words('CIL319', cnp({ egress: [{ toCIDR: ['10.1.2.3/16'] }] }))).toBe(
      'CIDR `10.1.2.3/16` has bits set beyond its prefix length, and is the whole network `10.1.0.0/16` | write `10.1.0.0/16`, or `10.1.2.3/32` for one address',
    );
  });
});

describe('CIL320', () => {
  const icmp = (...fields: readonly object[]) => ({ icmps: [{ fields }] });

  test.each<[string, string, string[]]>([
    ['by name', cnp({ ingress: [icmp({ type: 'EchoReply' })] }), ['/spec/ingress/0/icmps/0/fields/0/type']],
    ['by number', ccnp({ egress: [icmp({ family: 'IPv4', type: 0 })] }), ['/spec/egress/0/icmps/0/fields/0/type']],
    ['ICMPv6', host({ ingress: [icmp({ family: 'IPv6', type: 129 })] }), ['/spec/ingress/0/icmps/0/fields/0/type']],
    [
      'a request of the other family',
      cnp({ ingress: [icmp({ type: 0 }, { family: 'IPv6', type: 128 })] }),
      ['/spec/ingress/0/icmps/0/fields/0/type'],
    ],
    [
      'a request in the other direction',
      cnp({ ingress: [icmp({ type: 0 })], egress: [icmp({ type: 8 })] }),
      ['/spec/ingress/0/icmps/0/fields/0/type'],
    ],
  ])('reported: %s', (_, text, paths) => {
    expect(places('CIL320', text)).toEqual(paths);
  });

  test.each<[string, string]>([
    ['both', cnp({ ingress: [icmp({ type: 'EchoReply' }, { type: 'EchoRequest' })] })],
    ['both, in two rules', cnp({ ingress: [icmp({ type: 0 }), icmp({ type: 8 })] })],
    ['the request', cnp({ ingress: [icmp({ type: 8 })] })],
    ['another type', cnp({ ingress: [icmp({ family: 'IPv6', type: 0 })] })],
    ['a deny rule', cnp({ ingressDeny: [icmp({ type: 0 })] })],
  ])('not reported: %s', (_, text) => {
    expect(places('CIL320', text)).toEqual([]);
  });

  test('the message', () => {
    expect(words('CIL320', cnp({ ingress: [icmp({ type: 0 })] }))).toBe(
      'replies to pings pass without a rule, and the rule allows no pings | write `type: EchoRequest`, which is 8',
    );
  });
});

describe('CIL330', () => {
  const required = (mode: string) => cnp({ ingress: [{ fromEndpoints: [{}], authentication: { mode } }] });
  const AT = '/spec/ingress/0/authentication/mode';

  test.each<[string, Record<string, string>, '1.18' | '1.20', string[]]>([
    ['off', { 'mesh-auth-enabled': 'false' }, '1.18', [AT]],
    ['off unless it is on', { 'cluster-name': 'a' }, '1.20', [AT]],
    ['on unless it is off', { 'cluster-name': 'a' }, '1.18', []],
    ['on', { 'mesh-auth-enabled': 'true' }, '1.20', []],
    ['not known', {}, '1.20', []],
  ])('authentication is %s', (_, config, cilium, paths) => {
    expect(places('CIL330', required('required'), { config, cilium })).toEqual(paths);
    expect(places('CIL330', required('disabled'), { config, cilium })).toEqual([]);
  });

  test('nobody is allowed', () => {
    const flow = { from: 'labels:app=b@shop' };
    expect(isAllowed(required('required'), flow, { config: { 'mesh-auth-enabled': 'false' } })).toBe(false);
    expect(isAllowed(required('required'), flow, { config: { 'mesh-auth-enabled': 'true' } })).toBe(true);
  });

  test('the message', () => {
    expect(words('CIL330', required('required'), { config: { 'mesh-auth-enabled': 'false' } })).toBe(
      'mutual authentication is off, so the connections that this rule allows are dropped | set `mesh-auth-enabled` to `true`, or remove `authentication`',
    );
  });
});
