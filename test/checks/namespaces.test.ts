/** Namespaces that files do not say: what is of one folder is together, and what is of another may be anywhere. */
import { checkSources } from '../../lib/checks/check-texts';
import { settle } from '../../lib/settings/settings';

type Files = Readonly<Record<string, string>>;

/** For example `CIL409 apps/web.yaml`. */
function found(files: Files, codes: readonly string[], namespace?: string): string[] {
  const settings = settle([], { values: { cilium: '1.20', ...(namespace !== undefined && { namespace }) } });
  if (!settings.ok) {
    throw new Error(settings.problem);
  }
  const sources = Object.entries(files).map(([name, text]) => ({ name, text }));
  return checkSources(sources, settings.value)
    .diagnostics.filter(({ code }) => codes.some((one) => code.startsWith(one)))
    .map(({ code, severity, origin }) => `${code} ${severity} ${origin.document.source.name}`);
}

const policy = (name: string, spec: string, namespace?: string) =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`}}\nspec: {${spec}}\n`;
const ALL_TO_ALL = 'endpointSelector: {}, egress: [{toEndpoints: [{}]}]';
const APP = 'endpointSelector: {matchLabels: {app: web}}';
const DNS = 'toPorts: [{ports: [{port: "53", protocol: UDP}], rules: {dns: [{matchPattern: "*"}]}}]';
const WEB_TO_ALL = `${APP}, egress: [{toEndpoints: [{}]}]`;
const WEB_TO_NAMES = `${APP}, egress: [{toFQDNs: [{matchName: api.example.com}]}]`;
const RESOLVES = `endpointSelector: {}, egress: [{${DNS}}]`;
const OTHERS = policy('others', `endpointSelector: {matchLabels: {app: db}}, egress: [{${DNS}}]`, 'shop');

describe('a rule that another one repeats', () => {
  test.each<[string, Files, readonly string[]]>([
    ['in one folder', { 'a/p.yaml': policy('p', ALL_TO_ALL), 'a/q.yaml': policy('q', WEB_TO_ALL) }, ['CIL413 info a/q.yaml']],
    ['in two folders', { 'a/p.yaml': policy('p', ALL_TO_ALL), 'b/q.yaml': policy('q', WEB_TO_ALL) }, []],
    ['in `default`, and in the working folder', { 'p.yaml': policy('p', ALL_TO_ALL, 'default'), 'q.yaml': policy('q', ALL_TO_ALL) }, []],
    ['in `default`, and in a folder', { 'a/p.yaml': policy('p', ALL_TO_ALL, 'default'), 'a/q.yaml': policy('q', WEB_TO_ALL) }, []],
    [
      'for the whole cluster',
      {
        'a/p.yaml': policy('p', 'endpointSelector: {}, egress: [{toEntities: [all]}]').replace('NetworkPolicy', 'ClusterwideNetworkPolicy'),
        'b/q.yaml': policy('q', 'endpointSelector: {}, egress: [{toEntities: [all]}]'),
      },
      ['CIL413 info b/q.yaml'],
    ],
  ])('%s', (_, files, expected) => {
    expect(found(files, ['CIL413'])).toEqual(expected);
  });

  test.each<[string, Files, readonly string[]]>([
    ['lists both', { 'kustomization.yaml': 'resources: [p.yaml, q.yaml]\n' }, ['CIL413 info q.yaml']],
    ['leaves the other one out', { 'kustomization.yaml': 'resources: [q.yaml]\n' }, []],
    ['leaves this one out', { 'kustomization.yaml': 'resources: [p.yaml]\n' }, []],
    [
      'leaves one out that another kustomization has',
      { 'kustomization.yaml': 'resources: [q.yaml]\n', 'b/kustomization.yaml': 'resources: [../p.yaml]\n' },
      ['CIL413 info q.yaml'],
    ],
  ])('of a kustomization that %s', (_, kustomizations, expected) => {
    const files = { 'p.yaml': policy('p', ALL_TO_ALL, 'shop'), 'q.yaml': policy('q', WEB_TO_ALL, 'shop') };
    expect(found({ ...kustomizations, ...files }, ['CIL413'])).toEqual(expected);
  });

  test('a namespace that is given for all files makes them one', () => {
    const files = { 'a/p.yaml': policy('p', ALL_TO_ALL), 'b/q.yaml': policy('q', WEB_TO_ALL) };
    expect(found(files, ['CIL413'], 'shop')).toEqual(['CIL413 info b/q.yaml']);
  });
});

describe('names without a DNS rule', () => {
  const names = ['CIL405', 'CIL406', 'CIL407', 'CIL408', 'CIL409'];
  test.each<[string, Files, readonly string[]]>([
    ['in a namespace that is known', { 'a/p.yaml': policy('p', WEB_TO_NAMES, 'shop') }, ['CIL406 warning a/p.yaml']],
    ['the DNS rule may be in this namespace', { 'a/p.yaml': policy('p', WEB_TO_NAMES, 'shop'), 'b/q.yaml': policy('q', RESOLVES) }, []],
    ['the names may be in this namespace', { 'a/p.yaml': policy('p', WEB_TO_NAMES), 'b/q.yaml': policy('q', RESOLVES, 'shop') }, []],
    ['neither is known', { 'a/p.yaml': policy('p', WEB_TO_NAMES), 'b/q.yaml': policy('q', RESOLVES) }, []],
    [
      'the DNS rule is in a component of kustomize, and has several namespaces',
      {
        'a/kustomization.yaml': 'namespace: shop\nresources: [p.yaml]\ncomponents: [../c]\n',
        'a/p.yaml': policy('p', WEB_TO_NAMES),
        'b/kustomization.yaml': 'namespace: other\ncomponents: [../c]\n',
        'c/kustomization.yaml': 'resources: [q.yaml]\n',
        'c/q.yaml': policy('q', RESOLVES),
      },
      [],
    ],
  ])('%s', (_, files, expected) => {
    expect(found({ 'others.yaml': OTHERS, ...files }, names)).toEqual(expected);
  });
});

test('without a namespace, the files of a folder may be alternatives: a warning about two of them is informative', () => {
  const denied = 'endpointSelector: {matchLabels: {app: web}}, egressDeny: [{toEntities: [world]}]';
  const files = (namespace?: string) => ({ 'p.yaml': policy('p', WEB_TO_NAMES, namespace), 'q.yaml': policy('q', denied, namespace) });
  expect(found(files('shop'), ['CIL417'])).toEqual(['CIL417 warning p.yaml']);
  expect(found(files(), ['CIL417'])).toEqual(['CIL417 info p.yaml']);
  const [p, q] = Object.values(files());
  expect(found({ 'p.yaml': `${p}---\n${q}` }, ['CIL417'])).toEqual(['CIL417 warning p.yaml']);
});

test('a port name that no given pod has is informative, where the pods are manifests', () => {
  const ported = policy(
    'p',
    'endpointSelector: {matchLabels: {app: checkout}}, ingress: [{toPorts: [{ports: [{port: metrics, protocol: TCP}]}]}]',
    'shop',
  );
  const api = 'apiVersion: v1\nkind: Service\nmetadata: {name: kubernetes, namespace: default}\nspec: {clusterIP: 10.96.0.1}\n';
  expect(found({ 'p.yaml': ported, 'c.yaml': CHECKOUT }, ['CIL508'])).toEqual(['CIL508 info p.yaml']);
  expect(found({ 'p.yaml': ported.replace('metrics, protocol: TCP', 'http, protocol: UDP'), 'c.yaml': CHECKOUT }, ['CIL508'])).toEqual([
    'CIL508 warning p.yaml',
  ]);
  expect(found({ 'p.yaml': ported, 'c.yaml': CHECKOUT, 's.yaml': api }, ['CIL508'])).toEqual(['CIL508 warning p.yaml']);
});

test('a base with several namespaces has one of them: it is no error that it names none', () => {
  const overlay = (namespace: string) => `namespace: ${namespace}\nresources: [../base]\n`;
  const files = {
    'base/kustomization.yaml': 'resources: [p.yaml]\n',
    'base/p.yaml': policy('p', 'endpointSelector: {}, ingress: [{}]'),
    'a/kustomization.yaml': overlay('a'),
    'b/kustomization.yaml': overlay('b'),
  };
  expect(found(files, ['CIL1', 'CIL2'])).toEqual([]);
});

const pod = (name: string, labels: string, rest = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {${labels}}${rest}}\nspec: {containers: [{name: a, ports: [{name: http, containerPort: 80}]}]}\n`;
const TYPO = policy('p', 'endpointSelector: {matchLabels: {app: chekout}}, ingress: [{}]', 'shop');
const CHECKOUT = pod('checkout', 'app: checkout', ', namespace: shop');

describe('selectors that find no pod', () => {
  test.each<[string, Files, readonly string[]]>([
    ['a slip', { 'a/p.yaml': TYPO, 'a/pod.yaml': CHECKOUT }, ['CIL506 warning a/p.yaml']],
    [
      'a pod with this label, whose namespace is not known',
      { 'a/p.yaml': TYPO, 'a/pod.yaml': CHECKOUT, 'b/pod.yaml': pod('x', 'app: chekout') },
      [],
    ],
    [
      'a pod with another label, whose namespace is not known',
      { 'a/p.yaml': TYPO, 'a/pod.yaml': CHECKOUT, 'b/pod.yaml': pod('x', 'app: db') },
      ['CIL506 warning a/p.yaml'],
    ],
    [
      'a pod with this label, and another file with a pod of the same name',
      {
        'a/p.yaml': TYPO,
        'a/pod.yaml': pod('c', 'app: chekout', ', namespace: shop'),
        'b/pod.yaml': pod('c', 'app: checkout', ', namespace: shop'),
      },
      [],
    ],
    ...[
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: c, namespace: shop}\n',
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: c, namespace: flux}\nspec: {targetNamespace: shop}\n',
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: c}\n',
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: c, namespace: argo}\nspec: {source: {chart: c}, destination: {namespace: shop}}\n',
      'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: c, namespace: argo}\nspec: {template: {spec: {sources: [{helm: {}}], destination: {namespace: "{{x}}"}}}}\n',
      'kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nnamespace: shop\nhelmCharts: [{name: c}]\n',
    ].map((chart): [string, Files, readonly string[]] => [
      `the pods of a chart: ${chart}`,
      { 'a/p.yaml': TYPO, 'a/pod.yaml': CHECKOUT, 'a/chart.yaml': chart },
      [],
    ]),
    [
      'an application with manifests',
      {
        'a/p.yaml': TYPO,
        'a/pod.yaml': CHECKOUT,
        'a/app.yaml':
          'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: c, namespace: argo}\nspec: {source: {path: a}, destination: {namespace: shop}}\n',
      },
      ['CIL506 warning a/p.yaml'],
    ],
    [
      'the pods of a chart in another namespace',
      {
        'a/p.yaml': TYPO,
        'a/pod.yaml': CHECKOUT,
        'a/chart.yaml': 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: c, namespace: pay}\n',
      },
      ['CIL506 warning a/p.yaml'],
    ],
  ])('%s', (_, files, expected) => {
    expect(found(files, ['CIL506'])).toEqual(expected);
  });

  test('a pod of a repository that has once run does not make the manifests a cluster', () => {
    const running = `${pod('x', 'app: web', ', namespace: shop')}status: {podIP: 10.0.0.1, phase: Running}\n`;
    const other = policy('p', 'endpointSelector: {matchLabels: {app: database}}, ingress: [{}]', 'shop');
    expect(found({ 'p.yaml': other, 'pod.yaml': running }, ['CIL506'])).toEqual([]);
    const api = 'apiVersion: v1\nkind: Service\nmetadata: {name: kubernetes, namespace: default}\nspec: {clusterIP: 10.96.0.1}\n';
    expect(found({ 'p.yaml': other, 'pod.yaml': running, 'svc.yaml': api }, ['CIL506'])).toEqual(['CIL506 info p.yaml']);
  });
});

test('a Service whose namespace is not known may be the one that is meant', () => {
  const service = (name: string, namespace: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}${namespace}}\nspec: {selector: {app: a}, ports: [{port: 80}]}\n`;
  const asking = policy(
    'p',
    'endpointSelector: {}, egress: [{toServices: [{k8sService: {serviceName: databse, namespace: shop}}]}]',
    'shop',
  );
  const files = { 'p.yaml': asking, 's.yaml': service('database', ', namespace: shop') };
  expect(found(files, ['CIL503'])).toEqual(['CIL503 warning p.yaml']);
  expect(found({ ...files, 'x/t.yaml': service('databse', '') }, ['CIL503'])).toEqual([]);
});

test('what the API server drops of a policy was meant otherwise, so the rest is no reason for a finding', () => {
  const cut = policy('p', 'endpointSelector: {}, egress: [{toEndpoints: [{}], toSpiffe: [x]}]', 'shop');
  expect(found({ 'p.yaml': cut, 'q.yaml': policy('q', WEB_TO_ALL, 'shop') }, ['CIL413'])).toEqual([]);
});
