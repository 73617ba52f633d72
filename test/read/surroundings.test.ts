/** What files of a repository say of one another: patches, charts, and namespaces of kustomize. */
import { compile } from '../../lib/engine';
import type { Source } from '../../lib/model/origin';
import { pointer } from '../../lib/model/path';
import { readSources } from '../../lib/read/read';

const policy = (name: string, namespace = '') =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: ${name}${namespace}}\nspec: {endpointSelector: {}, ingress: [{}]}\n`;
const WEB = policy('web');
const flux = (spec: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: x}\nspec: {${spec}}\n`;
const kustomization = (text: string) => `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${text}\n`;

function read(files: Readonly<Record<string, string>>) {
  const sources: Source[] = Object.entries(files).map(([name, text]) => ({ name, text }));
  const { policies, passedOver, problems } = readSources(sources, { namespace: 'default' });
  return [
    ...policies.map(({ namespace, name }) => `${namespace}/${name}`),
    ...passedOver.map(({ is, origin }) => `${is} ${origin.document.source.name}`),
    ...problems.map(({ is }) => `problem ${is}`),
  ];
}

test('a namespace of a kustomization is not one of a ClusterNetworkPolicy', () => {
  const tiers = 'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: tiers}\n';
  expect(read({ 'kustomization.yaml': 'namespace: media\nresources: [p.yaml]', 'p.yaml': `${WEB}---\n${tiers}` })).toEqual([
    'media/web',
    'undefined/tiers',
  ]);
});

test.each([
  ['a patch', { 'a/kustomization.yaml': 'patches: [{path: p.yaml}]', 'a/p.yaml': WEB }, ['patch a/p.yaml']],
  ['a strategic merge patch', { './a/kustomization.yml': 'patchesStrategicMerge: [./x/../p.yaml]', 'a/p.yaml': WEB }, ['patch a/p.yaml']],
  ['a patch of another object', { 'kustomization.yaml': 'patches: [{path: p.yaml}]', 'p.yaml': 'kind: Deployment\n' }, []],
  [
    'a patch that is a resource too',
    { 'kustomization.yaml': 'patches: [{path: p.yaml}]\nresources: [p.yaml]', 'p.yaml': WEB },
    ['default/web'],
  ],
  ['a file of the same name elsewhere', { 'a/kustomization.yaml': 'patches: [{path: p.yaml}]', 'b/p.yaml': WEB }, ['default/web']],
  ['a broken template of a chart', { 'c/Chart.yaml': 'name: x', 'c/templates/p.yaml': `${WEB}{{ x }}: [\n` }, ['chart c/templates/p.yaml']],
  ['a file beside the templates of a chart', { 'c/Chart.yaml': 'name: x', 'c/p.yaml': WEB }, ['default/web']],
  ['a namespace for a resource', { 'a/kustomization.yaml': 'namespace: media\nresources: [p.yaml]', 'a/p.yaml': WEB }, ['media/web']],
  [
    'a namespace for a resource that names another',
    { 'kustomization.yaml': 'namespace: media\nresources: [p.yaml]', 'p.yaml': policy('web', ', namespace: shop') },
    ['media/web'],
  ],
  [
    'a namespace for a file that is no resource',
    { 'kustomization.yaml': 'namespace: media\nresources: [q.yaml]', 'p.yaml': WEB },
    ['default/web'],
  ],
  [
    'a namespace of Flux for a kustomization',
    {
      'clusters/web.yaml': flux('path: ./apps/web, targetNamespace: media'),
      'apps/web/kustomization.yaml': 'namespace: shop\nresources: [p.yaml]',
      'apps/web/p.yaml': WEB,
    },
    ['media/web'],
  ],
  [
    'a namespace of Flux, of a repository in a folder',
    {
      'repo/clusters/web.yaml': flux('path: apps/web, targetNamespace: media'),
      'repo/apps/web/kustomization.yaml': 'resources: [p.yaml]',
      'repo/apps/web/p.yaml': WEB,
      'other/apps/web/p.yaml': policy('db'),
    },
    ['media/web', 'default/db'],
  ],
  [
    'a namespace of Flux for a folder without a kustomization',
    {
      'clusters/web.yaml': flux('path: ./apps/web/, targetNamespace: media'),
      'apps/web/x/p.yaml': WEB,
      'apps/website/p.yaml': policy('db'),
    },
    ['media/web', 'default/db'],
  ],
  [
    'two namespaces of Flux',
    {
      'a.yaml': flux('path: ./apps, targetNamespace: media'),
      'b.yaml': flux('path: ./apps, targetNamespace: shop'),
      'apps/kustomization.yaml': 'resources: [p.yaml]',
      'apps/p.yaml': WEB,
    },
    ['${namespace}/web'],
  ],
  [
    'Flux without a namespace, or with a path that is filled in later',
    {
      'a.yaml': flux('path: ./apps'),
      'b.yaml': flux('path: "./${APPS}", targetNamespace: shop'),
      'apps/kustomization.yaml': 'namespace: media\nresources: [p.yaml]',
      'apps/p.yaml': WEB,
    },
    ['media/web'],
  ],
  [
    'a namespace of Flux is not one of kustomize',
    {
      'kustomization.yaml': 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nnamespace: media\nresources: [p.yaml]',
      'p.yaml': WEB,
    },
    ['default/web'],
  ],
  [
    'a namespace of an overlay',
    {
      'base/kustomization.yaml': 'namespace: a\nresources: [p.yaml]',
      'base/p.yaml': WEB,
      'prod/kustomization.yaml': 'namespace: prod\nresources: [../base]',
    },
    ['prod/web'],
  ],
  [
    'two namespaces',
    {
      'base/kustomization.yaml': 'resources: [p.yaml]',
      'base/p.yaml': WEB,
      'a/kustomization.yaml': 'namespace: a\nresources: [../base]',
      'b/kustomization.yaml': 'namespace: b\nresources: [../base]',
    },
    ['${namespace}/web'],
  ],
  ['a kustomization in the same file', { 'p.yaml': `${WEB}---\n${kustomization('namespace: media\nresources: [p.yaml]')}` }, ['media/web']],
  [
    'kustomizations that include each other',
    { 'a/kustomization.yaml': 'namespace: a\nresources: [../b, p.yaml]', 'b/kustomization.yaml': 'resources: [../a]', 'a/p.yaml': WEB },
    ['default/web'],
  ],
  [
    'a path that leads nowhere',
    { 'kustomization.yaml': 'namespace: a\nresources: [/etc/passwd, "https://x/y?ref=z", ../../../p.yaml, 1, null, {}]', 'p.yaml': WEB },
    ['default/web'],
  ],
])('%s', (_, files, expected) => {
  expect(read(files)).toEqual(expected);
});

test.each([
  [
    'a rule of Kyverno',
    'kind: ClusterPolicy\nspec: {rules: [{generate: {apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, data: {}}}]}\n',
    ['/spec/rules/0/generate'],
  ],
  ['a text', `kind: ConfigMap\ndata:\n  a.yaml: |\n${WEB.replace(/^/gm, '    ')}`, ['/data/a.yaml']],
  [
    'a text of JSON',
    `kind: ConfigMap\ndata: {a.json: '{"apiVersion": "cilium.io/v2",\\n\n\n "kind": "CiliumNetworkPolicy"}'}\n`,
    ['/data/a.json'],
  ],
  [
    'the values of a release',
    'kind: HelmRelease\nspec: {values: {raw: {apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy}}}\n',
    ['/spec/values/raw'],
  ],
  ['a policy of Calico inside of an object', 'kind: X\nspec: {apiVersion: projectcalico.org/v3, kind: NetworkPolicy}\n', []],
  ['a match of kinds', 'kind: ClusterPolicy\nspec: {match: {kinds: [cilium.io/v2/CiliumNetworkPolicy]}}\n', []],
  ['a custom resource definition', 'kind: CustomResourceDefinition\nspec: {names: {kind: CiliumNetworkPolicy}}\n', []],
])('a policy inside another object is named: %s', (_, text, expected) => {
  const { passedOver, problems } = readSources([{ name: 'a.yaml', text }], { namespace: 'default' });
  expect([passedOver.map(({ origin }) => pointer(origin.path)), problems]).toEqual([expected, []]);
});

test('kustomizations that include one another in ten thousand ways are read in time', () => {
  const chain = Array.from({ length: 10_000 }, (_, i) => [
    `${i}/kustomization.yaml`,
    `namespace: n${i}\nresources: [../${i + 1}, ../${i + 2}]`,
  ]);
  expect(read(Object.fromEntries(chain) as Record<string, string>)).toEqual([]);
});

test('a namespace that kustomizations disagree about makes answers unknown, and a warning points to kustomize', () => {
  const files = {
    'base/kustomization.yaml': 'resources: [p.yaml]',
    'base/p.yaml': WEB,
    'a/kustomization.yaml': 'namespace: a\nresources: [../base]',
    'b/kustomization.yaml': 'namespace: b\nresources: [../base]',
  };
  const engine = compile(Object.entries(files).map(([name, text]) => ({ name, text })));
  expect(engine.verdict({ from: 'entity:world', to: 'labels:app=web@a', port: 80 }).allowed).toBeNull();
  expect(engine.warnings.map(({ message }) => message)).toEqual([
    'the namespace of the objects of base/p.yaml is not known, because kustomizations give several; judge what `kustomize build` prints',
  ]);
});

test.each([
  ['a template of a chart', { 'c/Chart.yaml': 'name: x', 'c/templates/p.yaml': WEB }, 'c/templates/p.yaml:1, which Helm builds'],
  ['a patch', { 'kustomization.yaml': 'patches: [{path: p.yaml}]', 'p.yaml': WEB }, 'p.yaml:1, which kustomize builds'],
])('%s that mentions a policy makes answers unknown', (_, files, missing) => {
  const engine = compile(Object.entries(files as Record<string, string>).map(([name, text]) => ({ name, text })));
  expect(engine.verdict({ from: 'entity:world', to: 'labels:app=web@a', port: 80 }).ingress.missing).toBe(missing);
});

test('a kustomization that gives no namespace says nothing of the namespaces of its files', () => {
  const files = { 'kustomization.yaml': 'resources: [p.yaml]', 'p.yaml': WEB };
  expect(compile(Object.entries(files).map(([name, text]) => ({ name, text }))).warnings.map(({ code }) => code)).toEqual(['in-default']);
});

test('nine thousand overlays of a large base are too much to look at, and the namespace is not known', () => {
  const resources = Array.from({ length: 1_000 }, (_, i) => `r${i}.yaml`);
  const overlays = Array.from({ length: 9_000 }, (_, i) => [`o${i}/kustomization.yaml`, `namespace: n\nresources: [../base]`]);
  const base = { 'base/kustomization.yaml': `resources: [p.yaml, ${resources.join(', ')}]`, 'base/p.yaml': WEB };
  expect(read({ ...base, ...(Object.fromEntries(overlays) as Record<string, string>) })).toEqual(['${namespace}/web']);
});

test('a file of many documents among many charts is read in time', () => {
  const charts = Array.from({ length: 5_000 }, (_, i) => [`c${i}/Chart.yaml`, 'name: x']);
  const files = { 'all.yaml': 'a: 1\n---\n'.repeat(50_000), ...(Object.fromEntries(charts) as Record<string, string>) };
  expect(read(files)).toEqual([]);
});
