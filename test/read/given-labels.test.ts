/** Labels of hypothetical pods, as users copy them from Cilium. */
import { verdictReply } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';
import { parseEnd } from '../../lib/read/flow';

const POD = { is: 'labels', labels: { app: 'web' }, namespace: 'shop', serviceAccount: '', ports: [] };

/** The labels of a text, as a mapping with the same meaning. */
function mappingOf(text: string): object {
  const [labels, namespace] = text.split('@');
  const pairs = labels.split(',').map((pair) => {
    const [key, value = ''] = pair.split('=');
    return [key, value];
  });
  return { labels: Object.fromEntries(pairs) as object, ...(namespace === undefined ? {} : { namespace }) };
}

test.each<[string, object]>([
  ['k8s:app=web@shop', POD],
  ['any:app=web@shop', POD],
  ['$app=web@shop', POD],
  ['app=web,k8s:io.kubernetes.pod.namespace=shop@shop', POD],
  ['app=web,io.kubernetes.pod.namespace=shop', POD],
  ['app=web,k8s:io.cilium.k8s.policy.serviceaccount=robot@shop', { ...POD, serviceAccount: 'robot' }],
  ['app=web,io.cilium.k8s.namespace.labels.team=a@shop', { ...POD, moreNamespaceLabels: { team: 'a' } }],
  [
    'app=web,k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=shop@shop',
    { ...POD, moreNamespaceLabels: { 'kubernetes.io/metadata.name': 'shop' } },
  ],
  ['app=web,k8s:io.cilium.k8s.policy.cluster=default@shop', { ...POD, cluster: 'default' }],
])('`labels:%s` is read as Cilium means it, as a text and as a mapping', (text, end) => {
  const expected = { ok: true, value: end };
  expect([parseEnd(`labels:${text}`), parseEnd(mappingOf(text))]).toEqual([expected, expected]);
});

test.each<[string, string, string | undefined]>([
  ['reserved:host@shop', 'a pod cannot have the label `reserved:host`', 'name the entity instead, as in `entity:host`'],
  ['reserved:world-ipv4@shop', 'a pod cannot have the label `reserved:world-ipv4`', 'name the entity instead, as in `entity:world`'],
  ['reserved:fixed@shop', 'a pod cannot have the label `reserved:fixed`', 'name the entity instead, as in `entity:host`'],
  ['reserved:init=@shop', 'a pod cannot have the label `reserved:init`', 'name the entity instead, as in `entity:init`'],
  [
    'cidr:10.0.0.0/8=@shop',
    'a pod cannot have the label `cidr:10.0.0.0/8`: its source is `cidr`',
    'write the key without a source, or with `k8s:`',
  ],
  ['node:zone=a@shop', 'a pod cannot have the label `node:zone`: its source is `node`', 'write the key without a source, or with `k8s:`'],
  ['k8s:=a@shop', 'label `k8s:` has no key', undefined],
  ['app=a,k8s:app=b@shop', 'label `app` is given twice', 'give each label once'],
  [
    'k8s:io.kubernetes.pod.namespace=prod@shop',
    'the namespace is given twice, as `shop` and in a label as `prod`',
    'give the namespace once',
  ],
  [
    'io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=prod@shop',
    'the namespace `shop` has the label `kubernetes.io/metadata.name` with its name, and not with `prod`',
    undefined,
  ],
  ['io.cilium.k8s.named-ports=x@shop', 'a pod cannot have the label `io.cilium.k8s.named-ports`, which Cilium drops', 'leave it out'],
])('`labels:%s` is an error, as a text and as a mapping', (text, problem, help) => {
  expect(parseEnd(`labels:${text}`)).toEqual({ ok: false, problem: `\`labels:${text}\`: ${problem}`, help });
  expect(parseEnd(mappingOf(text))).toEqual({ ok: false, problem, help });
});

test.each<[object, string]>([
  [
    { serviceAccount: 'a', labels: { 'io.cilium.k8s.policy.serviceaccount': 'b' } },
    'the service account is given twice, as `a` and in a label as `b`',
  ],
  [
    { namespaceLabels: { team: 'a' }, labels: { 'io.cilium.k8s.namespace.labels.team': 'b' } },
    'the namespace label `team` is given twice, as `a` and as `b`',
  ],
  [
    { namespaceLabels: { 'kubernetes.io/metadata.name': 'prod' }, labels: {} },
    'the namespace `shop` has the label `kubernetes.io/metadata.name` with its name, and not with `prod`',
  ],
])('what a field and a label say must be the same: %j', (end, problem) => {
  expect(parseEnd({ namespace: 'shop', ...end })).toMatchObject({ ok: false, problem });
});

/** Whether a pod with these labels may enter what admits only peers with `wanted`. */
function mayEnter(labels: string, wanted: JsonObject, config: JsonObject = {}): unknown {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a', tier: 'x' } } };
  const policy = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: 'p' },
    spec: { endpointSelector: { matchLabels: { app: 'db' } }, ingress: [{ fromEndpoints: [{ matchLabels: wanted }] }] },
  };
  const flows = [{ from: `labels:${labels}`, to: 'labels:app=db@shop', port: 80 }];
  const reply = verdictReply({ cilium: '1.20', config, objects: [namespace, policy], flows });
  const [first] = reply.ok ? (reply.value.answers ?? []) : [];
  return 'error' in first ? first.error : first.allowed;
}

test.each<[string, JsonObject, boolean]>([
  ['k8s:app=web@shop', { 'k8s:app': 'web' }, true],
  ['io.cilium.k8s.policy.serviceaccount=robot@shop', { 'k8s:io.cilium.k8s.policy.serviceaccount': 'robot' }, true],
  ['io.cilium.k8s.namespace.labels.team=b@shop', { 'k8s:io.cilium.k8s.namespace.labels.team': 'b' }, true],
  ['io.cilium.k8s.namespace.labels.team=b@shop', { 'k8s:io.cilium.k8s.namespace.labels.tier': 'x' }, true],
  ['io.cilium.k8s.namespace.labels.team=b@shop', { 'k8s:io.cilium.k8s.namespace.labels.team': 'a' }, false],
  ['pod-template-hash=1@shop', { 'pod-template-hash': '1' }, false],
])('`labels:%s` has %j: %s', (labels, wanted, isAllowed) => {
  expect(mayEnter(labels, wanted)).toBe(isAllowed);
});

test('the label of the cluster must be the name of the cluster that is judged', () => {
  const labels = 'io.cilium.k8s.policy.cluster=east@shop';
  const wanted = { 'k8s:io.cilium.k8s.policy.cluster': 'east' };
  expect(mayEnter(labels, wanted, { 'cluster-name': 'east', 'cluster-id': '1' })).toBe(true);
  // Or of another one of a mesh.
  expect(mayEnter(labels, wanted)).toBe(true);
});

test('what the setting `labels` excludes from identities counts for no selector', () => {
  expect(mayEnter('tier=gold@shop', { tier: 'gold' })).toBe(true);
  expect(mayEnter('tier=gold@shop', { tier: 'gold' }, { labels: '!^tier' })).toBe(false);
});
