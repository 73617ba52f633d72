/** What Kubernetes rejects of a NetworkPolicy, with its place, message and help. */
import { openRequest } from '../../lib/cli/verdict-request';
import { check } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';
import { refusalText } from '../../lib/report/verdicts/warnings';

type Finding = readonly [code: string, path: string, message: string, help: string | null];

function findings(spec: object, metadata: JsonObject = {}): Finding[] {
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'shop', ...metadata },
    spec,
  };
  return check([{ name: 'p.json', text: JSON.stringify(policy) }]).map(({ code, path, message, help }) => [code, path, message, help]);
}

const withPort = (port: object) => findings({ podSelector: {}, ingress: [{ ports: [port] }] });
const withPeer = (peer: object | null) => findings({ podSelector: {}, egress: [{ to: [peer] }], policyTypes: ['Egress'] });
const withBlock = (ipBlock: object) => withPeer({ ipBlock });
const FLOW = { from: 'entity:world', to: { labels: { app: 'db' }, namespace: 'shop' }, port: 80 };
const PORT = '/spec/ingress/0/ports/0';
const PEER = '/spec/egress/0/to/0';

test.each<[string, Finding[], Finding[]]>([
  [
    'a direction in lower case',
    findings({ podSelector: {}, policyTypes: ['ingress'] }),
    [['CIL104', '/spec/policyTypes/0', 'unknown value `ingress`', 'did you mean `Ingress`?']],
  ],
  [
    'three directions, whatever they are',
    findings({ podSelector: {}, policyTypes: ['Ingress', 'Egress', 'egress'] }),
    [['CIL109', '/spec/policyTypes', '`policyTypes` has 3 items, the most is 2', null]],
  ],
  [
    'a protocol in lower case',
    withPort({ port: 80, protocol: 'tcp' }),
    [['CIL104', `${PORT}/protocol`, 'unknown value `tcp`', 'did you mean `TCP`?']],
  ],
  ['a port that is too high', withPort({ port: 70000 }), [['CIL107', `${PORT}/port`, '`port` is 70000, the most is 65535', null]]],
  ['a port 0', withPort({ port: 0 }), [['CIL107', `${PORT}/port`, '`port` is 0, the least is 1', null]]],
  [
    'a port in quotes',
    withPort({ port: '80' }),
    [['CIL105', `${PORT}/port`, 'port `80` is neither a number nor a valid port name', 'write `80` without quotes']],
  ],
  [
    'a range in one text',
    withPort({ port: '80-90' }),
    [
      [
        'CIL105',
        `${PORT}/port`,
        'port `80-90` is neither a number nor a valid port name',
        'for a range of ports, write `80` in `port` and `90` in `endPort`',
      ],
    ],
  ],
  [
    'the name of a port in upper case',
    withPort({ port: 'HTTP' }),
    [
      [
        'CIL105',
        `${PORT}/port`,
        'port `HTTP` is neither a number nor a valid port name',
        'a port name has 1 to 15 lower-case letters, digits and single hyphens, and at least one letter',
      ],
    ],
  ],
  [
    'a range that ends before it begins',
    withPort({ port: 100, endPort: 90 }),
    [['CIL107', `${PORT}/endPort`, '`endPort` is 90, the least is 100', null]],
  ],
  [
    'a range from a name',
    withPort({ port: 'http', endPort: 90 }),
    [['CIL114', `${PORT}/endPort`, '`endPort` needs a number in `port`, but `port` is `http`', null]],
  ],
  [
    'a range from nowhere',
    withPort({ endPort: 90 }),
    [['CIL114', `${PORT}/endPort`, '`endPort` needs a number in `port`, which is missing', null]],
  ],
  [
    'a peer that says nothing',
    withPeer({}),
    [['CIL110', PEER, 'none of `podSelector`, `namespaceSelector` and `ipBlock` is set', 'write at least one of them']],
  ],
  [
    'a peer that is null',
    withPeer(null),
    [['CIL110', PEER, 'none of `podSelector`, `namespaceSelector` and `ipBlock` is set', 'write at least one of them']],
  ],
  [
    'an `ipBlock` beside a selector',
    withPeer({ ipBlock: { cidr: '10.0.0.0/8' }, namespaceSelector: {} }),
    [['CIL110', PEER, '`ipBlock` and `namespaceSelector` are mutually exclusive', 'write two peers']],
  ],
  ['an `ipBlock` with an empty CIDR', withBlock({ cidr: '' }), [['CIL108', `${PEER}/ipBlock/cidr`, '`cidr` is empty', null]]],
  [
    'an address',
    withBlock({ cidr: '10.0.0.1' }),
    [['CIL106', `${PEER}/ipBlock/cidr`, 'CIDR `10.0.0.1` has no prefix length', 'write `10.0.0.1/32` for one address']],
  ],
  [
    'an `except` prefix outside',
    withBlock({ cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }),
    [
      [
        'CIL115',
        `${PEER}/ipBlock/except/0`,
        '`except` prefix `11.0.0.0/16` is not a part of `10.0.0.0/8`',
        'write a smaller prefix that is inside the CIDR',
      ],
    ],
  ],
  [
    'an `except` prefix of the whole CIDR',
    withBlock({ cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] }),
    [
      [
        'CIL115',
        `${PEER}/ipBlock/except/0`,
        '`except` prefix `10.0.0.0/8` is the whole CIDR',
        'write a smaller prefix that is inside the CIDR',
      ],
    ],
  ],
  [
    'a CIDR with bits beyond its length',
    withBlock({ cidr: '10.1.2.3/8' }),
    [
      [
        'CIL116',
        `${PEER}/ipBlock/cidr`,
        'CIDR `10.1.2.3/8` has bits set beyond its prefix length, so Kubernetes rejects it since 1.36',
        'write `10.0.0.0/8`, or `10.1.2.3/32` for one address',
      ],
    ],
  ],
  [
    'an IPv4 CIDR in the form of IPv6',
    withBlock({ cidr: '::ffff:10.0.0.0/104' }),
    [
      [
        'CIL116',
        `${PEER}/ipBlock/cidr`,
        'CIDR `::ffff:10.0.0.0/104` has an IPv4 address in the form of IPv6, so Kubernetes rejects it since 1.36',
        'write `10.0.0.0/8`',
      ],
    ],
  ],
])('%s', (_, found, wanted) => {
  expect(found).toEqual(wanted);
});

test('leading zeros are told twice: of Kubernetes since 1.36, and of the agent', () => {
  expect(withBlock({ cidr: '10.0.0.0/08' }).map(([code, , , help]) => [code, help])).toEqual([
    ['CIL116', 'write `10.0.0.0/8`'],
    ['CIL241', 'write a length from 0 to 32, without leading zeros'],
  ]);
});

test('selectors need valid keys, values and operators, and values only where the operator takes some', () => {
  const expressions = (...matchExpressions: object[]) =>
    findings({ podSelector: { matchExpressions }, ingress: [] }).map(([code, path]) => [
      code,
      path.replace('/spec/podSelector/matchExpressions', ''),
    ]);
  expect(
    expressions(
      { key: 'a', operator: 'in', values: ['b'] },
      { key: 'a', operator: 'Exists', values: ['b'] },
      { key: 'a', operator: 'In', values: [] },
    ),
  ).toEqual([
    ['CIL104', '/0/operator'],
    ['CIL109', '/1/values'],
    ['CIL109', '/2/values'],
  ]);
  expect(
    expressions({ key: '', operator: 'Exists' }, { key: 'a b', operator: 'Exists' }, { key: 'a', operator: 'In', values: ['b c'] }),
  ).toEqual([
    ['CIL108', '/0/key'],
    ['CIL105', '/1/key'],
    ['CIL105', '/2/values/0'],
  ]);
});

test('a finalizer has a domain, or is one of Kubernetes', () => {
  expect(findings({ podSelector: {} }, { finalizers: ['orphan', 'a/b', 'a'] })).toEqual([
    ['CIL113', '/metadata/finalizers/2', 'finalizer `a` has no domain', 'write `domain/name`'],
  ]);
});

test('an unknown field of an owner is told with the fields that an owner has', () => {
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: '1', nmae: 'a' }];
  expect(findings({ podSelector: {} }, { ownerReferences })).toEqual([
    ['CIL103', '/metadata/ownerReferences/0/nmae', 'unknown field `nmae`, which the API server drops', 'did you mean `name`?'],
  ]);
});

test('the reason for a rejection is not a field that is dropped, or a CIDR that only some versions reject', () => {
  const ipBlock = { cidr: '10.0.0.0/08' };
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'shop' },
    spec: { podSelector: {}, nonsense: true, ingress: [{ from: [{ ipBlock }] }] },
  };
  const opened = openRequest({ objects: [policy], flows: [] });
  expect(opened.ok && opened.value.refused.map(refusalText)).toEqual([
    'NetworkPolicy shop/p: CIL241: CIDR `10.0.0.0/08` has invalid prefix length `08`',
  ]);
});

test('a policy is not rejected for what stands for its placeholders', () => {
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: '${UID}', controller: '${CONTROLLER}' }];
  const metadata = { name: 'p', namespace: 'shop', finalizers: ['${FINALIZER}'], creationTimestamp: '${TIME}', ownerReferences };
  const ports = [{ port: '${PORT}', endPort: 90 }, { port: 80, protocol: '${PROTOCOL}' }, '${ANY}'];
  const from = [{ ipBlock: { cidr: '${CIDR}', except: ['${HOLE}', '10.0.0.0/8'] } }, { podSelector: '${PODS}' }, '${PEER}'];
  const ingress = [{ ports, from }, { ports: '${PORTS}' }];
  const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: { podSelector: {}, ingress } };
  const opened = openRequest({ objects: [policy], flows: [] });
  expect(opened.ok && opened.value.refused.map(refusalText)).toEqual([]);
});

describe('a policy that Kubernetes rejects', () => {
  const policy = (policyTypes: readonly string[]) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'shop' },
    spec: { podSelector: {}, policyTypes },
  });

  test.each<[string, readonly string[], boolean]>([
    ['isolates nobody', ['ingress'], false],
    ['isolates if it is mended', ['Ingress'], true],
  ])('%s', (_, types, isEffective) => {
    const opened = openRequest({ objects: [policy(types)], flows: [FLOW] });
    expect(opened.ok && opened.value.refused.length).toBe(isEffective ? 0 : 1);
    expect(opened.ok && opened.value.policies.length).toBe(isEffective ? 1 : 0);
  });
});
