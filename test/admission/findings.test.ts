/** What findings of admission point at, say and advise, beyond what the examples of the checks show. */
import { check } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

type Finding = readonly [code: string, path: string, message: string, help: string | null];

function findings(spec: object, metadata: JsonObject = {}, cilium: '1.19' | '1.20' = '1.20'): Finding[] {
  const policy = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'p', namespace: 'shop', ...metadata }, spec };
  const found = check([{ name: 'p.json', text: JSON.stringify(policy) }], { cilium });
  return found.map(({ code, path, message, help }) => [code, path, message, help]);
}

function withPort(port: object, more: object = {}): object {
  return { endpointSelector: {}, ingress: [{ toPorts: [{ ports: [port], ...more }] }] };
}

const PORT = '/spec/ingress/0/toPorts/0/ports/0';
const HTTP = { rules: { http: [{ method: 'GET' }] } };

test('L7 rules need TCP: the finding points at the protocol, or at the port if there is none', () => {
  expect(findings(withPort({ port: '80', protocol: 'UDP' }, HTTP))).toEqual([
    ['CIL219', `${PORT}/protocol`, 'L7 rules need TCP, but the protocol of this port is UDP', 'write `protocol: TCP`'],
  ]);
  expect(findings(withPort({ port: '80' }, HTTP))).toEqual([
    ['CIL219', PORT, 'L7 rules need TCP, but the protocol of this port is ANY', 'write `protocol: TCP`'],
  ]);
});

test('an empty list of other L7 rules needs no `l7proto`', () => {
  expect(findings(withPort({ port: '80', protocol: 'TCP' }, { rules: { http: [], l7: [] } }), {}, '1.19')).toEqual([]);
});

test('only a number in quotes is written without them', () => {
  expect(findings(withPort({ port: '80', endPort: '90', protocol: 'TCP' }))).toEqual([
    ['CIL101', `${PORT}/endPort`, '`endPort` is a string, not an integer', 'write it without quotes'],
  ]);
  expect(findings({ endpointSelector: {}, ingress: '80' })).toEqual([
    ['CIL101', '/spec/ingress', '`ingress` is a string, not a list', 'begin each item with `- `'],
  ]);
});

test.each([
  [80, 'an integer', 'write it in quotes'],
  [true, 'a boolean', 'write it in quotes'],
  [['80'], 'a list', null],
])('where a string is expected, %j is written in quotes if that makes it one', (port, kind, help) => {
  expect(findings(withPort({ port, protocol: 'TCP' }))).toEqual([['CIL101', `${PORT}/port`, `\`port\` is ${kind}, not a string`, help]]);
});

test('a field of earlier minors is named as such where it is unknown', () => {
  expect(findings(withPort({ port: '80', protocol: 'TCP' }, { rules: { http: [{}], kafka: [] } }))).toMatchObject([
    ['CIL103', '/spec/ingress/0/toPorts/0/rules/kafka', expect.anything(), 'Kafka rules were removed in Cilium 1.20; allow only the port'],
  ]);
});

test.each([
  ['8000-9000', 'for a range of ports, write `8000` in `port` and `9000` in `endPort`'],
  ['8000:9000', 'for a range of ports, write `8000` in `port` and `9000` in `endPort`'],
  ['443/tcp', 'write `443` in `port` and `TCP` in `protocol`'],
  ['80,443', 'write one entry of `ports` for each port'],
  ['*', 'write `"0"` for every port, and in a NetworkPolicy leave `port` out'],
  ['70000', 'a port name has 1 to 15 letters, digits and single hyphens, and at least one letter'],
])('a port `%s` is no port, and what to write instead is told', (port, help) => {
  const [[code, path, message, advice]] = findings(withPort({ port, protocol: 'TCP' }));
  expect([path, message, advice]).toEqual([
    `${PORT}/port`,
    `port \`${port}\` is neither a number from 0 to 65535 nor a valid port name`,
    help,
  ]);
  expect(['CIL105', 'CIL213']).toContain(code);
});

test('only a pattern that `matchPattern` accepts is advised for it', () => {
  const named = (matchName: string) => findings({ endpointSelector: {}, egress: [{ toFQDNs: [{ matchName }] }] });
  expect(named('*.example.com')).toMatchObject([['CIL105', expect.anything(), expect.anything(), 'write `matchPattern`']]);
  expect(named('*.exa mple.com')).not.toMatchObject([['CIL105', expect.anything(), expect.anything(), 'write `matchPattern`']]);
  expect(named('exa mple.com')).not.toMatchObject([['CIL105', expect.anything(), expect.anything(), 'write `matchPattern`']]);
});

test('of several fields of which one must be set, those that are null are named', () => {
  const said = (spec: object) => findings(spec)[0][2];
  expect(said({ ingress: [{}] })).toBe('none of `endpointSelector` and `nodeSelector` is set');
  expect(said({ endpointSelector: null, ingress: [{}] })).toBe(
    'none of `endpointSelector` and `nodeSelector` is set: `endpointSelector` is null, which counts as absent',
  );
  expect(said({ endpointSelector: null, nodeSelector: null, ingress: [{}] })).toBe(
    'none of `endpointSelector` and `nodeSelector` is set: `endpointSelector` and `nodeSelector` are null, which counts as absent',
  );
});

test('an item of a list in the metadata is named by its number', () => {
  const [[code, path]] = findings({ endpointSelector: {}, ingress: [{}] }, { finalizers: ['a/b', 3] });
  expect([code, path]).toEqual(['CIL101', '/metadata/finalizers/1']);
});

test('annotations may have 262,144 bytes, and no more', () => {
  const annotated = (size: number) => findings({ endpointSelector: {}, ingress: [{}] }, { annotations: { a: 'x'.repeat(size - 1) } });
  expect(annotated(262_144)).toEqual([]);
  expect(annotated(262_145)).toEqual([['CIL113', '/metadata/annotations', 'the annotations have 262145 bytes, the most is 262144', null]]);
});

test('annotations are counted in bytes, not in characters', () => {
  const annotated = (text: string) => findings({ endpointSelector: {}, ingress: [{}] }, { annotations: { a: text } });
  expect(annotated('é'.repeat(131_071))).toEqual([]);
  expect(annotated('é'.repeat(131_072))).toHaveLength(1);
});

describe('an owner', () => {
  const owned = (...ownerReferences: object[]) =>
    findings({ endpointSelector: {}, ingress: [{}] }, { ownerReferences } as unknown as JsonObject);
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', uid: '1' };

  test('needs a version, a kind, a name and a `uid`', () => {
    expect(owned(owner)).toEqual([]);
    expect(owned({ ...owner, apiVersion: 'apps/', kind: '' }, { apiVersion: 'v1', kind: 'Pod' })).toEqual([
      ['CIL113', '/metadata/ownerReferences/0/apiVersion', 'the owner has no version in `apiVersion`', null],
      ['CIL113', '/metadata/ownerReferences/0/kind', 'the owner has no `kind`', null],
      ['CIL113', '/metadata/ownerReferences/1', 'the owner has no `name`', null],
      [
        'CIL113',
        '/metadata/ownerReferences/1',
        'the owner has no `uid`',
        'a manifest cannot know the `uid` of an object that is created later; remove the reference',
      ],
    ]);
  });

  test('is no Event of the core group', () => {
    const message = 'an Event cannot be an owner';
    expect(owned({ ...owner, apiVersion: 'v1', kind: 'Event' })).toEqual([['CIL113', '/metadata/ownerReferences/0/kind', message, null]]);
    expect(owned({ ...owner, apiVersion: 'events.k8s.io/v1', kind: 'Event' })).toEqual([]);
  });

  test('is the controller alone, but the same reference twice is one', () => {
    const controller = { ...owner, controller: true };
    expect(owned(controller, owner, controller)).toEqual([]);
    expect(owned(controller, { ...controller, name: 'b' })).toEqual([
      [
        'CIL113',
        '/metadata/ownerReferences/1/controller',
        'a second owner is the controller',
        'write `controller: true` for one owner only',
      ],
    ]);
  });
});

test('the finalizers `orphan` and `foregroundDeletion` are mutually exclusive', () => {
  expect(findings({ endpointSelector: {}, ingress: [{}] }, { finalizers: ['orphan', 'foregroundDeletion'] })).toEqual([
    ['CIL113', '/metadata/finalizers', 'finalizers `orphan` and `foregroundDeletion` are mutually exclusive', null],
  ]);
});
