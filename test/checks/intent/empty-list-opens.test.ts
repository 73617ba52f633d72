/** CIL312: lists of peers that count as absent. */
import { ccnp, cnp, findings, host, isAllowed, networkPolicy, object, places, ports, words } from '../../support/intent';

test.each<[string, string, string]>([
  ['no DNS names', cnp({ egress: [{ toFQDNs: [], ...ports(8080) }] }), '/spec/egress/0/toFQDNs'],
  ['no Services', cnp({ egress: [{ toServices: [], ...ports(8080) }] }), '/spec/egress/0/toServices'],
  ['no groups', ccnp({ egress: [{ toGroups: [], ...ports(8080) }] }), '/spec/egress/0/toGroups'],
  ['no groups for ingress', cnp({ ingress: [{ fromGroups: [], ...ports(8080) }] }), '/spec/ingress/0/fromGroups'],
  ['pods that are null', cnp({ ingress: [{ fromEndpoints: null, ...ports(8080) }] }), '/spec/ingress/0/fromEndpoints'],
  [
    'entities that are null, with ICMP',
    cnp({ egress: [{ toEntities: null, icmps: [{ fields: [{ type: 8 }] }] }] }),
    '/spec/egress/0/toEntities',
  ],
  ['networks of a host policy', host({ ingress: [{ fromCIDRSet: null, ...ports(22) }] }), '/spec/ingress/0/fromCIDRSet'],
  ['peers to deny', cnp({ ingressDeny: [{ fromCIDR: null, ...ports(8080) }] }), '/spec/ingressDeny/0/fromCIDR'],
  [
    'a rule in `specs`',
    object('CiliumNetworkPolicy', { specs: [{ endpointSelector: {}, egress: [{ toEndpoints: null, ...ports(1) }] }] }),
    '/specs/0/egress/0/toEndpoints',
  ],
  ['a NetworkPolicy', networkPolicy({ ingress: [{ from: null, ports: [{ port: 8080 }] }] }), '/spec/ingress/0/from'],
  ['egress of a NetworkPolicy', networkPolicy({ egress: [{ to: null, ports: [{ port: 8080 }] }] }), '/spec/egress/0/to'],
])('reported: %s', (_, text, path) => {
  expect(places('CIL312', text)).toEqual([path]);
});

test.each<[string, string]>([
  ['no pods, which is nobody', cnp({ ingress: [{ fromEndpoints: [], ...ports(8080) }] })],
  ['no names beside no pods', cnp({ egress: [{ toFQDNs: [], toEndpoints: [], ...ports(8080) }] })],
  ['no names beside an entity', cnp({ egress: [{ toFQDNs: [], toEntities: ['world'], ...ports(8080) }] })],
  ['no peers at all', cnp({ ingress: [ports(8080)] })],
  ['no ports, which allows nothing', cnp({ egress: [{ toFQDNs: [], toPorts: [{}] }] })],
  ['requirements', cnp({ ingress: [{ fromRequires: [], ...ports(8080) }] })],
  ['everybody, in a NetworkPolicy', networkPolicy({ ingress: [{ from: [], ports: [{ port: 8080 }] }] })],
  [
    'DNS for everybody, in a NetworkPolicy',
    networkPolicy({ egress: [{ to: null, ports: [{ port: 53, protocol: 'UDP' }, { port: 53 }] }] }),
  ],
  ['a list that is filled in later', cnp({ egress: [{ toFQDNs: '${NAMES}', ...ports(8080) }] })],
])('not reported: %s', (_, text) => {
  expect(places('CIL312', text)).toEqual([]);
});

test('the rules are for everybody', () => {
  for (const list of [{ toFQDNs: [] }, { toServices: [] }, { toGroups: [] }, { toEndpoints: null }]) {
    expect(isAllowed(cnp({ egress: [{ ...list, ...ports(8080) }] }), { to: 'entity:world' })).toBe(true);
  }
  expect(isAllowed(cnp({ egress: [{ toEndpoints: [], ...ports(8080) }] }), { to: 'entity:world' })).toBe(false);
});

test('the messages', () => {
  expect(words('CIL312', cnp({ egress: [{ toFQDNs: [], ...ports(8080) }] }))).toBe(
    '`toFQDNs` has no peers, and the rule is for everybody on its ports: an empty list counts as absent | write the peers, or `toEndpoints: []` for nobody',
  );
  expect(words('CIL312', cnp({ ingressDeny: [{ fromCIDR: null, ...ports(8080) }] }))).toBe(
    '`fromCIDR` has no peers, and the rule denies its ports to everybody: a null counts as absent | write the peers, or `fromEndpoints: []` for nobody',
  );
  expect(words('CIL312', networkPolicy({ ingress: [{ from: null, ports: [{ port: 8080 }] }] }))).toBe(
    '`from` has no peers, and the rule is for everybody on its ports: a null counts as absent | write the peers, or remove the rule to allow nobody',
  );
  expect(findings('CIL312', cnp({ egress: [{ toFQDNs: [], ...ports(8080) }] }))[0].severity).toBe('error');
  expect(findings('CIL312', networkPolicy({ egress: [{ to: null, ports: [{ port: 8080 }] }] }))[0].severity).toBe('info');
});
