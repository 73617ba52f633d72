/** Verdicts for the name of what owns pods, as in the output of `kubectl get pods`. */
import { verdictReply } from '../../lib/cli/verdict-request';
import { compile } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';
import { MOST_FLOWS } from '../../lib/snapshot/owned-pods';

function pod(name: string, labels: JsonObject, owner: string, spec: JsonObject = {}): JsonObject {
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${owner}-5d8f`, controller: true }];
  const metadata = { name, namespace: 'shop', labels: { ...labels, 'pod-template-hash': '5d8f' }, ownerReferences };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}

const POLICY: JsonObject = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'db', namespace: 'shop' },
  spec: {
    endpointSelector: { matchLabels: { app: 'db' } },
    ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }],
  },
};
const DB = pod('db-5d8f-x', { app: 'db' }, 'db');
const WEB = ['a', 'b', 'c'].map((end, i) => pod(`web-5d8f-${end}`, { app: 'web' }, 'web', { nodeName: `n${i}` }));

/** Whether the flow is allowed, or why it cannot be judged. */
function answer(flow: JsonObject, ...objects: readonly JsonObject[]): unknown {
  const reply = verdictReply({ cilium: '1.20', objects: [POLICY, DB, ...objects], flows: [{ to: 'shop/db', port: 80, ...flow }] });
  const [first] = reply.ok ? (reply.value.answers ?? []) : [];
  return 'error' in first ? first.error : first.allowed;
}

test('the pods of a Deployment are found by its name, on whatever nodes', () => {
  expect(answer({ from: 'shop/web' }, ...WEB)).toBe(true);
  expect(answer({ from: 'shop/web-5d8f' }, ...WEB)).toBe(true);
  expect(answer({ from: 'shop/db', to: 'shop/web' }, ...WEB)).toBe(true);
  expect(answer({ from: 'shop/web-5d8f-b' }, ...WEB)).toBe(true);
  expect(answer({ from: 'labels:app=db@shop' }, ...WEB)).toBe(false);
});

test('pods that differ in what turns the verdict are an error that names them', () => {
  const other = pod('web-5d8f-d', { app: 'canary' }, 'web');
  const message =
    'pods of one name have different verdicts: `shop/web-5d8f-a` has egress allowed, ingress allowed, and `shop/web-5d8f-d` has egress allowed, ingress denied; name one of the pods';
  expect(answer({ from: 'shop/web' }, ...WEB, other)).toBe(message);
  expect(answer({ from: 'shop/web', to: 'shop/web' }, ...WEB, other)).toBe(true);
});

test.each<[string, JsonObject, JsonObject, string]>([
  ['the node', { nodeName: 'n9' }, { from: 'node:n9' }, 'egress n/a, ingress denied, and `shop/db-5d8f-y` has egress n/a, ingress allowed'],
  [
    'the network',
    { nodeName: 'n9', hostNetwork: true },
    { from: 'ip:192.0.2.7' },
    'egress n/a, ingress denied, and `shop/db-5d8f-y` has egress n/a, ingress n/a',
  ],
])('pods that differ in %s are an error where it turns the verdict', (_, spec, flow, differs) => {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n9' } };
  expect(answer(flow, node, pod('db-5d8f-y', { app: 'db' }, 'db', spec))).toBe(
    `pods of one name have different verdicts: \`shop/db-5d8f-x\` has ${differs}; name one of the pods`,
  );
  expect(answer({ from: 'shop/web' }, node, ...WEB, pod('db-5d8f-y', { app: 'db' }, 'db', { nodeName: 'n9' }))).toBe(true);
});

test('a workload counts by its template, and a pod by its own name', () => {
  const template = { metadata: { labels: { app: 'evil' } } };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: { template } };
  expect(answer({ from: 'shop/web' }, ...WEB, deployment)).toBe(false);
  const statefulSet = { ...deployment, kind: 'StatefulSet', spec: { template: { metadata: { labels: { app: 'web' } } } } };
  expect(answer({ from: 'shop/web' }, deployment, statefulSet)).toMatch(
    /`shop\/web \(Deployment\)` has egress allowed, ingress denied, and `shop\/web \(StatefulSet\)` has egress allowed, ingress allowed/,
  );
});

test('a name that nothing has suggests the nearest ones', () => {
  expect(answer({ from: 'shop/wbe' }, ...WEB)).toBe('from: no pod or workload `shop/wbe`; did you mean `shop/web`?');
  expect(answer({ from: 'prod/web' }, ...WEB)).toBe('from: no pod or workload `prod/web`; did you mean `shop/web`?');
});

test('the fast engine and the specification agree, and the steps are those of one pod', () => {
  const texts = [POLICY, DB, ...WEB].map((value, i) => ({ name: `${i}.json`, text: JSON.stringify(value) }));
  const engine = compile(texts);
  const flow = { from: 'shop/web', to: 'shop/db', port: 80 };
  expect(engine.explain(flow)).toMatchObject({
    ...engine.verdict(flow),
    explanation: [{ ingress: { deciding: [{ path: '/spec/ingress/0' }] } }],
  });
});

test('a question about very many pods is refused', () => {
  const many = Array.from({ length: Math.ceil(Math.sqrt(MOST_FLOWS)) + 1 }, (_, i) => pod(`many-5d8f-${i}`, { app: 'web' }, 'many'));
  expect(answer({ from: 'shop/many' }, ...many)).toBe(true);
  expect(answer({ from: 'shop/many', to: 'shop/many' }, ...many)).toBe(
    `the ends have ${many.length} and ${many.length} pods, the most is ${MOST_FLOWS} pairs; name one of the pods`,
  );
});
