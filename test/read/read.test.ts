import type { JsonObject } from '../../lib/model/json';
import type { Source } from '../../lib/model/origin';
import { readObjects, readSources } from '../../lib/read/read';
import { found, policy } from '../support/check';

const WEB = policy('  endpointSelector: {}\n  ingress: [{}]\n');

function read(text: string, more: Partial<Source> = {}): string[] {
  const { policies, others, problems } = readSources([{ name: 'a.yaml', text, ...more }], { namespace: 'default' });
  return [
    ...policies.map(({ kind, namespace, name }) => `${kind} ${namespace ?? '-'}/${name}`),
    ...others.map(({ kind }) => `other ${kind}`),
    ...problems.map(({ is }) => `problem ${is}`),
  ];
}

const WEB_READ = 'CiliumNetworkPolicy shop/web';
const TIERS = 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\n';
const JSON_WEB = '{"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": "web", "namespace": "shop"}}';
const ESCAPED = `apiVersion: "\\x63ilium\\u002eio/v2"\n"k\\x69nd": "Cilium\\\n  NetworkPol\\U00000069cy"\nx: ${'['.repeat(101)}\n`;
/** Items without a kind and a version are policies without a version, as the list has none. */
const ITEMS = ['other ', 'problem wrong-api-version', 'problem wrong-api-version'];

test.each<[string, string, string[]]>([
  ['one document', WEB, [WEB_READ]],
  ['CRLF', WEB.replaceAll('\n', '\r\n'), [WEB_READ]],
  ['a byte order mark', `\ufeff${WEB}`, [WEB_READ]],
  ['several documents', `---\n${WEB}--- # next\nkind: Pod\napiVersion: v1\n---\n# nothing\n---\n`, [WEB_READ, 'other Pod']],
  // For kubectl, a directive is a document of its own, and a broken one.
  ['a directive', `%YAML 1.1\n---\n${WEB}`, [WEB_READ, 'problem syntax']],
  [
    'JSON with escapes',
    JSON.stringify({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'web', namespace: 'shop' } }).replace(
      '/',
      '\\/',
    ),
    [WEB_READ],
  ],
  [
    'JSON with tabs',
    '{\n\t"apiVersion": "cilium.io/v2",\n\t"kind": "CiliumNetworkPolicy",\n\t"metadata": {"name": "web", "namespace": "shop"}\n}',
    [WEB_READ],
  ],
  [
    'a list',
    `apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: Pod}\n  - ${WEB.trim().replaceAll('\n', '\n    ')}\n`,
    [WEB_READ, 'other Pod'],
  ],
  [
    'a list of policies',
    `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicyList\nitems:\n  - ${WEB.trim().replaceAll('\n', '\n    ')}\n`,
    [WEB_READ],
  ],
  [
    'a broken document among valid ones',
    `${WEB}---\na: [\n---\n${WEB.replace('web', 'other')}`,
    [WEB_READ, 'CiliumNetworkPolicy shop/other', 'problem syntax'],
  ],
  ['a document that is not an object', 'a word\n', []],
  ['a list at the top level of which not all items are manifests', '- kind: CiliumNetworkPolicy\n', []],
  ['the values file of a chart', 'replicas: 3\nimage: {}\n', ['other ']],
  ['a template of another object', 'kind: Pod\nspec:\n  {{- include "x" . }}\n', []],
  ['a template of a policy', `${WEB}  {{- include "x" . }}\n`, ['problem template']],
  [
    'several JSON objects',
    `${JSON_WEB}${JSON_WEB.replace('web', 'b')}\n{"kind":"Pod"}`,
    [WEB_READ, 'CiliumNetworkPolicy shop/b', 'other Pod'],
  ],
  ['YAML after a JSON object', `${JSON_WEB}\n---\n${WEB.replace('web', 'b')}`, [WEB_READ, 'CiliumNetworkPolicy shop/b']],
  ['YAML after two JSON objects', `${JSON_WEB}\n{"kind":"Pod"}\n---\n${WEB}`, [WEB_READ, 'other Pod', 'problem syntax']],
  ['JSON with an escape of its own after YAML', `kind: Pod\n---\n${JSON_WEB.replace('/', '\\/')}`, ['other Pod', 'problem syntax']],
  ['a byte order mark before a separator', `kind: Pod\n\ufeff---\n${WEB}`, ['problem syntax']],
  ['two byte order marks', `\ufeff\ufeff${WEB}`, [WEB_READ]],
  ['a separator with a line break of Unicode', `kind: Pod\n---\u0085\n${WEB}`, [WEB_READ, 'other Pod']],
  ['policies in an object with items', `kind: ConfigMap\napiVersion: v1\nitems: [${JSON_WEB}]\n`, [WEB_READ, 'problem list']],
  ['a policy with items', `${WEB}items: []\n`, ['problem list']],
  ['a policy with items that are null', `${WEB}items:\n`, ['problem list']],
  ['a list with an item that is no object', `kind: List\nitems: [1, ${JSON_WEB}]\n`, [WEB_READ, 'problem list']],
  ['a list in a list', `kind: List\nitems: [{kind: List, items: [${JSON_WEB}]}]\n`, [WEB_READ, 'problem list']],
  ['another object with items', 'kind: Pod\nitems: [1]\n', []],
  ['an item with items that are no list', `kind: List\nitems: [${JSON_WEB.replace('{', '{"items": {}, ')}]\n`, [WEB_READ]],
  ['an item with a version and no kind', `kind: CiliumNetworkPolicyList\nitems: [{apiVersion: v1}, {}, null]\n`, ITEMS],
  ['a policy that is too deep', `${WEB}x: ${'['.repeat(101)}${']'.repeat(101)}\n`, ['problem limit']],
  ['another object that is too deep', `kind: Pod\nx: ${'['.repeat(101)}${']'.repeat(101)}\n`, []],
  ['JSON that is too deep', `{"kind": "CiliumNetworkPolicy", "x": ${'['.repeat(101)}${']'.repeat(101)}}`, ['problem limit']],
  ['an object that is too deep, of a kind with escapes', ESCAPED, ['problem limit']],
  ['an object that is too deep, without a plain kind', `? kind\n: Pod\nx: ${'['.repeat(101)}\n`, ['problem limit']],
  ['a broken policy with a template expression in a comment', `${WEB}x: [ # {{ x }}\n`, ['problem syntax']],
  ['a broken object with a template expression in a comment', 'kind: Pod # {{ x }}\nx: [\n', ['problem syntax']],
  ['a template that writes a kind', 'kind: {{ .Values.kind }}\nspec: {{ x }}\n', ['problem template']],
  ['a template that writes a whole object', '{{- include "chart.policy" . }}\n', ['problem template']],
  ['a template that writes nothing', '{{- if .Values.x }}\nreplicas: {{ y }}\n{{- end }}\n', []],
  ['a kind that is filled in later', WEB.replace('kind: CiliumNetworkPolicy', 'kind: ${KIND}'), ['problem template']],
  ['a kind and a version that are filled in later', 'apiVersion: ${V}\nkind: ${K}\n', ['problem template']],
  ['a version that is filled in later', WEB.replace('cilium.io/v2', '${V}'), ['problem template']],
  ['another kind that is filled in later', 'apiVersion: apps/v1\nkind: ${K}\n', ['other ${K}']],
  ['placeholders', WEB.replace('shop', '${NS}'), ['CiliumNetworkPolicy ${NS}/web', 'problem placeholders']],
  ['a policy twice', `${WEB}---\n${WEB}`, [WEB_READ, WEB_READ, 'problem duplicate-policy']],
  ['a policy that names no namespace', WEB.replace('  namespace: shop\n', ''), ['CiliumNetworkPolicy default/web']],
  ['an unknown kind of Cilium', WEB.replace('CiliumNetworkPolicy', 'CiliumNetPolicy'), ['problem unknown-kind']],
  ['a list of manifests', `[${JSON_WEB}, {apiVersion: v1, kind: Pod}]`, [WEB_READ, 'other Pod']],
  ['a patch of a policy', '- op: replace\n  path: /spec/x\n  value: NetworkPolicy cilium.io/v2\n', []],
  ['a text list that mentions a policy', '[{"name": "x", "description": "a CiliumNetworkPolicy"}]', []],
  ['a policy of Calico', WEB.replace('cilium.io/v2', 'projectcalico.org/v3').replace('Cilium', ''), ['other NetworkPolicy']],
  ['a policy of Calico as stored', WEB.replace('cilium.io/v2', 'crd.projectcalico.org/v1').replace('Cilium', ''), ['other NetworkPolicy']],
  ['a ClusterNetworkPolicy, which has no namespace', `${TIERS}metadata: {name: a}\n`, ['ClusterNetworkPolicy -/a']],
  ['a ClusterNetworkPolicy with a namespace', `${TIERS}metadata: {name: a, namespace: x}\n`, ['ClusterNetworkPolicy x/a']],
  [
    'two ClusterNetworkPolicies of one name, in a list of theirs',
    `${TIERS.trim()}List\nitems: [{metadata: {name: a}}, {metadata: {name: a}}]\n`,
    ['ClusterNetworkPolicy -/a', 'ClusterNetworkPolicy -/a', 'problem duplicate-policy'],
  ],
  ['a ClusterNetworkPolicy of another version', TIERS.replace('v1alpha2', 'v1alpha1'), ['problem wrong-api-version']],
  ['a ClusterNetworkPolicy without a version', 'kind: ClusterNetworkPolicy\n', ['problem wrong-api-version']],
  ['a slip in the group of a ClusterNetworkPolicy', TIERS.replace('k8s.io', 'k8.io'), ['problem wrong-api-version']],
  ['a ClusterNetworkPolicy of Antrea', TIERS.replace(/policy.*alpha2/, 'crd.antrea.io/v1beta1'), ['other ClusterNetworkPolicy']],
  ['its predecessor', TIERS.replace('Cluster', 'Admin').replace('v1alpha2', 'v1alpha1'), ['other AdminNetworkPolicy']],
  ['a ClusterNetworkPolicy whose version is filled in later', TIERS.replace('v1alpha2', '${V}'), ['problem template']],
  ['a kind that is filled in later, in its group', TIERS.replace('ClusterNetworkPolicy', '${K}'), ['problem template']],
  ['a ClusterNetworkPolicy of Cilium, which is none', TIERS.replace(/policy.*alpha2/, 'cilium.io/v2'), ['problem unknown-kind']],
  ['a policy of EKS', 'apiVersion: networking.k8s.aws/v1alpha1\nkind: ClusterNetworkPolicy\n', ['other ClusterNetworkPolicy']],
  ['a policy of a group of the same beginning', 'apiVersion: networking.k8s.aws/v1\nkind: NetworkPolicy\n', ['other NetworkPolicy']],
  ['a slip in the group of a policy', 'apiVersion: networking.k8.io/v1\nkind: NetworkPolicy\n', ['problem wrong-api-version']],
  ['a policy of a group without a domain', 'apiVersion: extensions/v1beta1\nkind: NetworkPolicy\n', ['problem wrong-api-version']],
  ['a policy of Cilium in a foreign group', WEB.replace('cilium.io', 'cilium.example'), ['problem wrong-api-version']],
  ['a policy of Tetragon', 'apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\n', ['other TracingPolicy']],
  ['a key after a merge of the same key', 'a: &a {kind: Pod}\nb:\n  <<: *a\n  kind: Job\n', ['other ']],
  ['a key before a merge of the same key', 'a: &a {kind: Pod}\nb:\n  kind: Job\n  <<: *a\n', ['other ', 'problem merge-order']],
  ['two merged mappings with the same key', 'a: &a {x: 1}\nb: &b {x: 2}\nc:\n  <<: [*a, *b]\n', ['other ']],
  ['two merges in a mapping', 'a: &a {x: 1}\nc:\n  <<: *a\n  <<: *a\n', ['other ', 'problem merge-twice']],
  ['another kind of Cilium', WEB.replace('CiliumNetworkPolicy', 'CiliumNode'), ['other CiliumNode']],
  ['a wrong version', WEB.replace('cilium.io/v2', 'cilium.io/v1'), ['problem wrong-api-version']],
  ['text after the end', `${WEB}...\nkind: Pod\n`, [WEB_READ, 'problem ignored-text']],
  ['a document on the line of its separator', `${WEB}--- {kind: Pod}\n`, ['problem syntax']],
  ['a tag behind the first separator', `--- !x\n${WEB}`, ['problem syntax']],
  ['a comment behind the first separator', `--- # x\n${WEB}`, [WEB_READ]],
  ['a comment behind the first separator without a blank', `---#x\n${WEB}`, ['problem syntax']],
  ['a comment behind another separator without a blank', `kind: Pod\n---#x\n${WEB}`, [WEB_READ, 'other Pod']],
  ['a second separator without a blank', `---\n---#x\n${WEB}`, [WEB_READ]],
  ['a key twice', `${WEB}kind: CiliumNetworkPolicy\n`, [WEB_READ, 'problem duplicate-key']],
  ['a control character', `${WEB}# \u0007\n`, ['problem syntax']],
])('%s', (_, text, expected) => {
  expect(read(text)).toEqual(expected);
});

test('a kind of Kubernetes in the group of Cilium is taken for a kind of Cilium', () => {
  const guesses = ['NetworkPolicy', 'ClusterNetworkPolicy', 'ClusterwideNetworkPolicy', 'Pod'].map((kind) => {
    const { problems } = readSources([{ name: 'a.yaml', text: `apiVersion: cilium.io/v2\nkind: ${kind}\n` }], { namespace: 'default' });
    return problems.map((problem) => problem.is === 'unknown-kind' && problem.guess)[0];
  });
  expect(guesses).toEqual(['CiliumNetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', undefined]);
});

test('a file that cannot be read is reported, and the other files are read', () => {
  const sources: Source[] = [
    { name: 'a.yaml', problem: 'the file is not valid UTF-8' },
    { name: 'b.yaml', text: WEB },
  ];
  const { policies, problems, unchecked } = readSources(sources, { namespace: 'default' });
  expect([policies.length, problems.map(({ is }) => is), unchecked]).toEqual([1, ['unreadable'], 1]);
});

test('documents that were not checked are counted', () => {
  const text = ['a: [', '{{ x }}', WEB.replace('cilium.io/v2', 'cilium.io/v1'), WEB].join('\n---\n');
  const { documents, unchecked } = readSources([{ name: 'a.yaml', text }], { namespace: 'default' });
  expect([documents, unchecked]).toEqual([4, 3]);
});

test('places are right in an item of a list, in a second document, with CRLF and with a byte order mark', () => {
  const bad = policy('  endpointSelector: {}\n  ingress: []\n');
  expect(found(`\ufeff# one\r\n---\r\n${bad.replaceAll('\n', '\r\n')}`)).toEqual(['CIL202 10:3 /spec/ingress']);
  expect(found(`apiVersion: v1\nkind: List\nitems:\n  - ${bad.trim().replaceAll('\n', '\n    ')}\n`)).toEqual([
    'CIL202 11:7 /spec/ingress',
  ]);
});

test('a finding in an alias is placed at the anchor', () => {
  const text = policy('  endpointSelector: {}\n  ingress: [{toPorts: &p [{ports: [{port: "70000"}]}]}]\n  egress: [{toPorts: *p}]\n');
  expect(found(text)).toEqual(['CIL213 8:44 /spec/egress/0/toPorts/0/ports/0/port', 'CIL213 8:44 /spec/ingress/0/toPorts/0/ports/0/port']);
});

test('a merge key adds its fields', () => {
  const text = policy(
    '  endpointSelector: &s {matchLabels: {app: web}}\n  ingress: [{fromEndpoints: [{<<: *s, matchExpressions: [{key: a, operator: Is}]}]}]\n',
  );
  expect(found(text)).toEqual(['CIL104 8:77 /spec/ingress/0/fromEndpoints/0/matchExpressions/0/operator']);
});

test('nested lists are read up to a limit', () => {
  const nested = (depth: number): JsonObject =>
    depth === 0
      ? { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }
      : { apiVersion: 'v1', kind: 'List', items: [nested(depth - 1)] };
  const read = (depth: number) => readObjects('objects', [{ value: nested(depth) }], { namespace: 'default' });
  expect(read(16)).toMatchObject({ unchecked: 0, others: [{ kind: 'Pod' }] });
  expect(read(5_000)).toMatchObject({ unchecked: 1, others: [], problems: [{ is: 'limit' }] });
});

test('a template in a kind is found however long it is', () => {
  expect(read(`apiVersion: cilium.io/v2\nkind: '{{ "${'a'.repeat(500)}" }}'\n`)).toEqual(['problem template']);
});

test.each<[string, string]>([
  ['YAML', '1\n---\n'],
  ['JSON', '{}\n'],
])(
  'beyond 200,000 documents of %s in a file, the rest is not read, and this is an error',
  (_, document) => {
    const { documents, unchecked, problems } = readSources([{ name: 'a', text: document.repeat(200_003) }], { namespace: 'default' });
    expect([documents, unchecked, problems.map(({ is }) => is)]).toEqual([200_001, 1, ['limit']]);
    expect(problems.map((problem) => 'message' in problem && problem.message)).toEqual([
      'the file has more than 200000 documents, and the rest was not read',
    ]);
  },
  60_000,
);

test('a document that is too large has a place, although it is not parsed', () => {
  const text = `a: 1\n---\n${'#'.repeat(33 * 1024 * 1024)}\n${WEB}`;
  expect(found(text).slice(0, 1)).toEqual(['CIL008 3:1 ']);
});
