/** Wrong proofs that were found once: each is a kind, in its smallest form. */
import { prove, ReachOptions, WrittenProperties, WrittenProperty } from '../../../lib/engine';
import type { JsonObject } from '../../../lib/model/json';

const cnp = (spec: JsonObject, name = 'p', namespace = 'x'): JsonObject => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name, namespace },
  spec: { endpointSelector: {}, ...spec },
});
const pod = (name: string, more: JsonObject = {}, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x', ...more },
  spec: { containers: [], ...spec },
});
const X = { namespace: 'x' };

function found(
  objects: readonly JsonObject[],
  property: WrittenProperty,
  options: ReachOptions = {},
  more: Partial<WrittenProperties> = {},
): [string, readonly string[]] {
  const text = objects.map((one) => JSON.stringify(one)).join('\n---\n');
  const [{ result, missing }] = prove([{ name: 'a.yaml', text }], { ...more, properties: [property] }, options).properties;
  return [result, missing];
}

test('addresses beside pods in a set are told apart too', () => {
  const named = cnp({ ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: [{ port: 'sql' }] }] }] });
  expect(found([named], { 'unreachable-from-world': { to: [{ cidrs: '203.0.113.0/24' }, X] } })[0]).toBe('fails');
});

test('the address of a name that is given opens connections', () => {
  const open = cnp({ ingress: [{ fromCIDR: ['203.0.113.5/32'] }] });
  const property = { 'unreachable-from-world': { to: X } };
  expect(found([open], property)[0]).toBe('fails');
  expect(found([open], property, { names: { 'example.com': ['203.0.113.5'] } })[0]).toBe('fails');
  const [result, missing] = found([cnp({ ingress: [{}] })], property, { names: { 'example.com': ['203.0.113.5', '203.0.113.6'] } });
  expect([result, missing]).toEqual(['unknown', ['what the further addresses of `example.com` reach']]);
});

test('what may turn the policies of a node leaves it unknown', () => {
  const config = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNodeConfig',
    metadata: { name: 'off', namespace: 'kube-system' },
    spec: { defaults: { 'enable-policy': 'never' }, nodeSelector: {} },
  };
  const closed = cnp({ ingress: [{}] });
  expect(found([closed], { 'unreachable-from-world': { to: X } })[0]).toBe('holds');
  expect(found([closed, config], { 'unreachable-from-world': { to: X } })[0]).toBe('unknown');
  expect(found([closed, config], { 'default-denied': { of: X, direction: 'ingress' } })[0]).toBe('unknown');
});

test('in 1.18, a requirement of a deny rule narrows the deny rules of others', () => {
  const platform: JsonObject = {
    ...cnp({
      endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'x' } },
      ingressDeny: [
        { fromEndpoints: [{ matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'NotIn', values: ['x'] }] }] },
        { fromEntities: ['world', 'remote-node', 'health', 'ingress', 'init', 'unmanaged', 'kube-apiserver'] },
      ],
    }),
    ...{ kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'platform' } },
  };
  const property: WrittenProperty = { 'only-from': { to: X, from: X }, 'whoever-writes-in': X };
  expect(found([platform], property, { cilium: '1.19' })[0]).toBe('holds');
  expect(found([platform], property, { cilium: '1.18' })[0]).toBe('fails');
});

test('a pod that is like a listed one may have other ports', () => {
  const named = cnp({ ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: [{ port: 'sql' }] }] }] });
  expect(found([named, pod('a')], { isolated: { between: [X, X] } })).toEqual([
    'unknown',
    ['which port of pods that are not listed is called `sql`'],
  ]);
  const listed = found([named, pod('a')], { isolated: { between: [X, X] } }, { possiblePods: false });
  expect(listed[0]).toBe('holds');
});

test('a name may have any address', () => {
  const names = cnp({
    ingress: [{}],
    egress: [
      { toFQDNs: [{ matchPattern: '*' }] },
      {
        toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }],
        toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }] } }],
      },
    ],
  });
  const [result, missing] = found([names], { isolated: { between: [X, { cidrs: '169.254.169.254/32' }] } });
  expect([result, missing]).toEqual(['unknown', [expect.stringContaining('which is reached, has an address in the CIDRs')]]);
});

test('who writes somewhere writes in a namespace that may be', () => {
  const property: WrittenProperty = { 'default-denied': { of: X, direction: 'ingress' }, 'whoever-writes-in': { namespace: 'y' } };
  expect(found([cnp({ ingress: [{}] })], property)[0]).toBe('holds');
  const [result, missing] = found([cnp({ ingress: [{}] })], property, {}, { assume: [{ never: { namespace: 'y' } }] });
  expect([result, missing]).toEqual(['unknown', ['who writes policies: no pod is in these namespaces']]);
});

test('labels that Cilium does not keep are refused, and so are values that are filled in later', () => {
  const ask = (podSelector: object) => () => found([], { 'only-from': { to: X, from: { podSelector } } });
  expect(ask({ matchExpressions: [{ key: 'pod-template-hash', operator: 'NotIn', values: ['a'] }] })).toThrow(
    'Cilium does not keep the label `pod-template-hash`',
  );
  const config = { labels: 'k8s:!io.cilium.k8s.namespace.labels' };
  const tenants = { namespaceSelector: { matchLabels: { tenant: 'red' } } };
  expect(() => found([], { 'only-from': { to: X, from: X }, 'whoever-writes-in': tenants }, { config })).toThrow(
    'Cilium does not keep the label',
  );
  expect(() => found([], { 'only-from': { to: { namespace: '${TENANT}' }, from: X } })).toThrow('`${TENANT}` is filled in later');
});

test('each part of a set has an end', () => {
  const two = [
    X,
    {
      podSelector: {
        matchExpressions: [
          { key: 'a', operator: 'Exists' },
          { key: 'a', operator: 'DoesNotExist' },
        ],
      },
    },
  ];
  expect(found([cnp({ ingress: [{}] })], { 'unreachable-from-world': { to: two } })[0]).toBe('unknown');
});

test('a subject that is filled in later may close a pod', () => {
  const vague = cnp({ endpointSelector: { matchLabels: { app: '${APP}' } }, ingress: [{}] });
  expect(found([vague], { 'default-denied': { of: { ...X, podSelector: { matchLabels: { app: 'a' } } }, direction: 'ingress' } })[0]).toBe(
    'unknown',
  );
});

test('the only pod of a cluster is no pair with itself', () => {
  const open = cnp({ ingress: [{ fromEndpoints: [{}] }] });
  const property = { isolated: { between: [X, X] } } as const;
  expect(found([open, pod('a')], property, { possiblePods: false })[0]).toBe('holds');
  expect(found([open, pod('a'), pod('b')], property, { possiblePods: false })[0]).toBe('fails');
  expect(found([open, pod('a')], property)[0]).toBe('fails');
});

test('names open no connections, so they are isolated if they are not reached', () => {
  expect(found([cnp({ egress: [{}] })], { isolated: { between: [X, { names: 'api.example.com' }] } })[0]).toBe('holds');
});

test('where the exceptions are everybody, nobody is left', () => {
  expect(found([], { 'only-from': { to: X, from: { entities: 'all' } } })[0]).toBe('holds');
});

test('what somebody may write is never left out in silence', () => {
  const property: WrittenProperty = { 'unreachable-from-world': { to: X }, 'whoever-writes-in': X };
  const config = { 'enable-cilium-clusterwide-network-policy': 'false' };
  expect(found([cnp({ ingress: [{}] })], property)[0]).toBe('fails');
  expect(() => found([cnp({ ingress: [{}] })], property, { config })).toThrow('what somebody may write cannot be judged');
});

test('a default deny is no deny rule: any allow rule opens what it closes', () => {
  const metadata = { cidrs: '169.254.169.254/32' };
  const closed = cnp({ egress: [{ toEndpoints: [{}] }] });
  const denied = cnp({ egress: [{ toEntities: ['world'] }], egressDeny: [{ toCIDR: ['169.254.169.254/32'] }] });
  expect(found([closed], { 'no-egress-except': { from: X, to: { podSelector: {} } } })[0]).toBe('holds');
  expect(found([closed], { 'deny-holds': { from: X, to: metadata } })[0]).toBe('fails');
  expect(found([denied], { 'deny-holds': { from: X, to: metadata } })[0]).toBe('holds');
  expect(found([denied], { 'deny-holds': { from: { namespace: 'y' }, to: metadata } })[0]).toBe('fails');
  expect(found([denied], { 'deny-holds': { from: X, to: { cidrs: '169.254.0.0/16' } } })[0]).toBe('fails');
});
