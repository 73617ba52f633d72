/** The fast engine answers what it knows out of tables, and leaves the rest to the specification. */
import type { AgentConfig } from '../../lib/model/config';
import type { Flow } from '../../lib/model/flow';
import { PROTOCOLS } from '../../lib/model/policy';
import { expectParsed } from '../../lib/net/parsed';
import { ASK, NO_POLICY } from '../../lib/reach/code';
import { FastEngine } from '../../lib/reach/engine';
import { parseFlow } from '../../lib/read/flow';
import { readSources } from '../../lib/read/read';
import { agentOf } from '../../lib/resolve/agent';
import { Snapshot } from '../../lib/snapshot/snapshot';
import { settingsOf } from '../support/settings';
import { engineOf } from '../support/world-engine';

const POLICIES = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: db, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: db } }
  ingress:
    - fromEndpoints: [{ matchLabels: { app: web } }]
      toPorts: [{ ports: [{ port: "5432", protocol: TCP }, { port: metrics, protocol: TCP }] }]
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: cloud, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: cloud } }
  egress: [{ toGroups: [{ aws: { region: eu } }] }]
---
{ apiVersion: v1, kind: Pod, metadata: { name: db, namespace: shop, labels: { app: db } },
  spec: { containers: [{ ports: [{ name: metrics, containerPort: 9100 }] }] } }
---
{ apiVersion: v1, kind: Pod, metadata: { name: web, namespace: shop, labels: { app: web } }, spec: { containers: [] } }
---
{ apiVersion: v1, kind: Service, metadata: { name: db, namespace: shop }, spec: { clusterIP: 10.0.0.5, selector: { app: db }, ports: [{ port: 5432 }] } }
`;

const settings = settingsOf();
const { policies, inventory } = expectParsed(
  new Snapshot(readSources([{ name: 'all.yaml', text: POLICIES }], settings), settings).verdicts(),
);
const engine = new FastEngine(policies, inventory, expectParsed(agentOf('1.20', {})));
const end = (name: string) => engine.endpoint(expectParsed(parseFlow({ from: name, to: name, port: 1 })).from)!;

test('a lookup is a number: none without policy, and one to ask the specification', () => {
  const lookup = (self: string, other: string) => engine.lookup('ingress', end(self), end(other), 0, 5432);
  expect(lookup('entity:world', 'shop/web')).toBe(NO_POLICY);
  expect(lookup('ip:10.0.0.5', 'shop/web')).toBe(ASK);
  expect(lookup('labels:app=cloud@shop', 'shop/web')).toBe(ASK);
  expect(lookup('shop/db', 'shop/web')).toBe(lookup('shop/db', 'labels:app=web@shop'));
  expect(lookup('shop/db', 'shop/web')).not.toBe(lookup('shop/db', 'entity:world'));
});

test('all decisions about a flow are left to the specification, whichever end it alone can judge', () => {
  const decisions = (self: string, other: string) => engine.decisions('ingress', end(self), end(other));
  expect([decisions('shop/db', 'ip:10.0.0.5'), decisions('ip:10.0.0.5', 'shop/db')]).toEqual(['ask', 'ask']);
  expect(decisions('shop/db', 'shop/web')).not.toBe('ask');
});

test.each([
  ['shop/web', 'shop/db', 5432, true],
  ['shop/web', 'shop/db', 9100, true],
  ['shop/web', 'shop/db', 9101, false],
  ['labels:app=web@other', 'shop/db', 5432, false],
  ['shop/web', 'service:shop/db', 5432, true],
  ['shop/web', 'ip:10.0.0.5', 5432, true],
])('%s → %s %d: %s, as the specification says', (from, to, port, allowed) => {
  const flow = expectParsed(parseFlow({ from, to, port }));
  const verdict = expectParsed(engine.verdict(flow));
  expect(verdict.allowed).toBe(allowed);
  expect(verdict).toEqual(expectParsed(engine.specification.verdict(flow)));
});

test('what was asked once is the same object when it is asked again, so that answers can be kept', () => {
  const flow = expectParsed(parseFlow({ from: 'shop/web', to: 'shop/db', port: 5432 }));
  expect(expectParsed(engine.verdict(flow)).ingress).toBe(expectParsed(engine.verdict(flow)).ingress);
  expect(end('shop/web')).toBe(end('shop/web'));
});

// Tables are packed when they are asked again.
test('a lookup finds the same, however often it is asked', () => {
  const ends = ['shop/web', 'shop/db', 'labels:app=web@shop', 'entity:world', 'entity:host'].map(end);
  const lookups = () =>
    ends.flatMap((self) =>
      ends.flatMap((other) => [5432, 9100, 80].map((port) => engine.lookup('ingress', self, other, PROTOCOLS.indexOf('TCP'), port))),
    );
  const first = lookups();
  expect([lookups(), lookups()]).toEqual([first, first]);
  expect(new Set(first).size).toBeGreaterThan(3);
});

test('a flow that cannot be judged is refused as the specification refuses it', () => {
  const flow = expectParsed(parseFlow({ from: 'shop/nobody', to: 'shop/db', port: 80 }));
  expect(engine.verdict(flow)).toEqual(engine.specification.verdict(flow));
  expect(engine.verdict(flow).ok).toBe(false);
});

// HTTP rules before server names are a conflict, but not the other way round.
test.each([
  ['requests', 'names', 'unknown'],
  ['names', 'requests', 'allowed'],
] as const)('rules keep their order if rules with another subject stand between them: %s, then %s: %s', (between, last, decision) => {
  const spec = (matchLabels: object, port: string, layer7: object) => ({
    endpointSelector: { matchLabels },
    egress: [{ toPorts: [{ ports: [{ port, protocol: 'TCP' }], ...layer7 }] }],
  });
  const layer7 = { requests: { rules: { http: [{ method: 'GET' }] } }, names: { serverNames: ['example.com'] } };
  const specs = [spec({ app: 'web' }, '80', {}), spec({}, '443', layer7[between]), spec({ app: 'web' }, '443', layer7[last])];
  const policy = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'p', namespace: 'shop' }, specs };
  const verdict = engineOver(JSON.stringify(policy)).verdict(flowOf('labels:app=web@shop', 'entity:world', 443));
  expect(expectParsed(verdict).egress.decision).toBe(decision);
});

test('from 1.20 on an entity is not part of an aggregate, although a node with the same labels is', () => {
  const policy = `apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: p }
spec:
  endpointSelector: {}
  ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: 'reserved:remote-node', operator: DoesNotExist }] }] }]
---
{ apiVersion: v1, kind: Node, metadata: { name: a } }
`;
  for (const ends of [
    ['node:a', 'entity:remote-node'],
    ['entity:remote-node', 'node:a'],
  ]) {
    const engine = engineOver(policy, { 'policy-cidr-match-mode': 'nodes' });
    for (const end of ends) {
      const flow = flowOf(end, 'labels:app=web@shop', 80);
      expect([end, expectParsed(engine.verdict(flow)).allowed]).toEqual([end, end === 'node:a']);
      expect(engine.verdict(flow)).toEqual(engine.specification.verdict(flow));
    }
  }
});

test.each([
  ['outside of the cluster', ''],
  [
    'of a node',
    '---\n{ apiVersion: v1, kind: Node, metadata: { name: n }, status: { addresses: [{ type: InternalIP, address: 192.0.2.9 }] } }\n',
  ],
])('the API server at an address %s that a Service has is the pods behind the Service', (_, node) => {
  const text = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: p, namespace: shop }
spec: { endpointSelector: { matchLabels: { app: api } }, ingress: [{ fromEndpoints: [{ matchLabels: { app: web } }] }] }
---
{ apiVersion: v1, kind: Pod, metadata: { name: api, namespace: shop, labels: { app: api } }, status: { podIP: 10.0.0.7 } }
---
{ apiVersion: v1, kind: Service, metadata: { name: api, namespace: shop },
  spec: { clusterIP: 10.96.0.7, externalIPs: [192.0.2.9], selector: { app: api }, ports: [{ port: 6443 }] } }
---
{ apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: { name: kubernetes, namespace: default, labels: { kubernetes.io/service-name: kubernetes } },
  addressType: IPv4, endpoints: [{ addresses: [192.0.2.9] }], ports: [{ port: 6443 }] }
`;
  const allowed = (app: string) =>
    expectParsed(engineOver(text + node).verdict(flowOf(`labels:app=${app}@shop`, 'entity:kube-apiserver', 6443))).allowed;
  expect([allowed('web'), allowed('other')]).toEqual([true, false]);
});

test('a pod of another cluster has no policy of this one, even if its labels are those of a pod here', () => {
  const policy = `apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: p }
spec: { endpointSelector: { matchLabels: { app: db } }, ingress: [{ fromEntities: [host] }] }
`;
  const engine = engineOver(policy, { 'cluster-name': 'here', 'cluster-id': '1', labels: 'k8s:app' });
  const { to, ...flow } = flowOf('labels:app=web@shop', 'labels:app=db@shop', 80);
  const allowed = (cluster: string) => expectParsed(engine.verdict({ ...flow, to: { ...to, cluster } as Flow['to'] })).allowed;
  expect([allowed('here'), allowed('there')]).toEqual([false, true]);
});

test.each([
  ['a', 'b'],
  ['b', 'a'],
])('in a tier the policy with the lower priority decides, whatever its name: %s before %s', (first, second) => {
  const policy = (name: string, priority: number, action: string, from: object) => ({
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name },
    spec: { tier: 'Admin', priority, subject: { namespaces: {} }, ingress: [{ action, from: [from] }] },
  });
  const web = { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } } };
  const objects = [policy(first, 1, 'Accept', { namespaces: {} }), policy(second, 2, 'Deny', web)];
  const engine = engineOf({ objects, config: { 'enable-k8s-cluster-network-policy': 'true' }, names: {} }, '1.20')!;
  const { allowed, ingress } = expectParsed(engine.verdict(flowOf('labels:app=web@shop', 'labels:app=db@shop', 80)));
  expect([allowed, ingress.decision]).toEqual([true, 'allowed']);
  expect('because' in ingress && ingress.because.map(({ policy: { name } }) => name)).toEqual([first]);
});

test.each(['1.18', '1.19', '1.20'] as const)(
  'each pod is open to its own node, whatever a rule says of the node of another pod with the same labels, in %s',
  (minor) => {
    const node = (name: string, address: string) => ({
      ...{ apiVersion: 'v1', kind: 'Node', metadata: { name } },
      status: { addresses: [{ type: 'InternalIP', address }] },
    });
    const pod = (name: string, nodeName: string) => ({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', labels: { app: 'db' } } },
      spec: { nodeName, containers: [] },
    });
    const apiServer = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      ...{ addressType: 'IPv4', endpoints: [{ addresses: ['192.168.0.1'] }], ports: [{ port: 6443 }] },
    };
    const policy = {
      ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'p', namespace: 'shop' } },
      spec: {
        endpointSelector: { matchLabels: { app: 'db' } },
        ingress: [
          {
            fromEntities: ['kube-apiserver'],
            toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ method: 'GET' }] } }],
          },
        ],
      },
    };
    const objects = [policy, apiServer, node('a', '192.168.0.1'), node('b', '192.168.0.2'), pod('on-a', 'a'), pod('on-b', 'b')];
    const engine = engineOf({ objects, config: {}, names: {} }, minor)!;
    const said = ['on-a', 'on-b'].map((name) => expectParsed(engine.verdict(flowOf('entity:host', `shop/${name}`, 80))).ingress);
    expect(said).toMatchObject([
      { decision: 'allowed', reason: 'rule', redirect: 'http' },
      { decision: 'allowed', reason: 'localhost' },
    ]);
  },
);

function engineOver(text: string, config: AgentConfig = {}): FastEngine {
  const { policies, inventory } = expectParsed(new Snapshot(readSources([{ name: 'all.yaml', text }], settings), settings).verdicts());
  return new FastEngine(policies, inventory, expectParsed(agentOf('1.20', config)));
}

function flowOf(from: string, to: string, port: number): Flow {
  return expectParsed(parseFlow({ from, to, port }));
}
