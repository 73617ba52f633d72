import { checkSources } from '../../lib/checks/check-texts';
import { viewOf } from '../../lib/report/findings/view';
import { found, messages, policy } from '../support/check';
import { settingsOf } from '../support/settings';

test('all mistakes of a document are reported, not only the first', () => {
  const spec = `
  endpointSelector: {}
  egress:
    - toEndpoints: [{}]
      toEntities: [world]
    - toPorts:
        - ports:
            - {port: "70000", protocol: TCP}
            - {port: "80", protocol: tcp}
  ingress:
    - fromCIDR: [10.0.0.0/08]
      toPort: []
`;
  expect(found(policy(spec))).toEqual([
    'CIL201 11:7 /spec/egress/0/toEntities',
    'CIL213 14:23 /spec/egress/1/toPorts/0/ports/0/port',
    'CIL104 15:38 /spec/egress/1/toPorts/0/ports/1/protocol',
    'CIL209 17:18 /spec/ingress/0/fromCIDR/0',
    'CIL103 18:7 /spec/ingress/0/toPort',
  ]);
});

test.each([
  ['absent', '  endpointSelector: {}\n', ['CIL110 6:1 /spec']],
  ['null', '  endpointSelector: {}\n  ingress: null\n', ['CIL110 6:1 /spec']],
  ['an empty list', '  endpointSelector: {}\n  ingress: []\n', ['CIL202 8:3 /spec/ingress']],
  ['one empty rule', '  endpointSelector: {}\n  ingress: [{}]\n', []],
])('a section that is %s', (_, spec, codes) => {
  expect(found(policy(spec))).toEqual(codes);
});

test('a mistake in specs, in a deny section and in the second rule is reported', () => {
  const text =
    policy('').replace('spec:\n', '') +
    'specs:\n  - {endpointSelector: {}, ingress: [{}]}\n  - endpointSelector: {}\n    ingressDeny: [{}, {fromCIDR: [10.0.0.0/08]}]\n';
  expect(found(text)).toEqual(['CIL209 9:35 /specs/1/ingressDeny/1/fromCIDR/0']);
});

test('a mistake that both the API server and the agent reject is reported once', () => {
  const spec = '  endpointSelector: {}\n  ingress:\n    - toPorts: [{ports: [{port: 80, protocol: TCP}]}]\n    - fromEntities: [wrold]\n';
  expect(found(policy(spec))).toEqual([
    'CIL101 9:33 /spec/ingress/0/toPorts/0/ports/0/port',
    'CIL104 10:22 /spec/ingress/1/fromEntities/0',
  ]);
});

test('a setting of cilium-config changes what the agent accepts', () => {
  const spec = '  endpointSelector: {}\n  ingress:\n    - fromNodes: [{}]\n';
  expect(found(policy(spec))).toEqual(['CIL236 9:7 /spec/ingress/0/fromNodes']);
  expect(found(policy(spec), { config: { 'enable-node-selector-labels': 'true' } })).toEqual([]);
});

test('a policy without a namespace is checked in the given namespace', () => {
  const text = policy('  endpointSelector: {}\n  ingress: [{}]\n').replace('  namespace: shop\n', '');
  expect(found(text)).toEqual([]);
  const [resource] = checkSources([{ name: 'a.yaml', text }], settingsOf({ namespace: 'team' })).read.policies;
  expect(resource.namespace).toBe('team');
});

test('a value with a placeholder is not checked, and everything else is', () => {
  const spec =
    '  endpointSelector: {}\n  egress:\n    - toCIDR: ["${OFFICE}", 10.0.0.0/33]\n    - toPorts: [{ports: [{port: ${PORT}, endPort: "{{ .end }}"}]}]\n';
  expect(found(policy(spec).replace('${PORT}', '"${PORT}"'))).toEqual(['CIL010 1:1 ', 'CIL106 9:29 /spec/egress/0/toCIDR/1']);
});

test.each(['spec: {endpointSelector: {}, egress: "${EGRESS}"}', 'spec: {endpointSelector: {}, ingress: [], egressDeny: "${EGRESS}"}'])(
  'a section that is filled in later may have rules: %s',
  (spec) => {
    expect(found(policy('').replace(/spec:\n/, `${spec}\n`))).toEqual(['CIL010 1:1 ']);
  },
);

test('a placeholder in a key silences what is said of the key, and not what is below it', () => {
  const spec = '  endpointSelector: {matchLabels: {"${KEY}!": a, "${OTHER}": "not valid!"}}\n  ingress: [{}]\n  "${FIELD}": 1\n';
  expect(found(policy(spec))).toEqual(['CIL010 1:1 ', 'CIL105 7:63 /spec/endpointSelector/matchLabels/${OTHER}']);
});

test('the field that SOPS adds to what it encrypts is not checked', () => {
  const text = policy('  endpointSelector: {}\n  ingress: [{fromCIDR: ["ENC[AES256_GCM,data:x,type:str]"]}]\n');
  expect(found(`${text}sops: {mac: "ENC[AES256_GCM,data:x,type:str]", version: 3.9.0}\n`)).toEqual(['CIL010 1:1 ']);
  expect(found(`${text}sops: {version: 3.9.0}\n`)).toEqual(['CIL010 1:1 ', 'CIL103 9:1 /sops']);
});

test.each([
  ['a file of another tool', 'site_name: x\nplugins: [\n', 'CIL001', 'info'],
  ['a file of another tool with a tag', 'x: !Find [a, !KeyOf *b]\n', 'CIL001', 'info'],
  ['a broken Deployment', 'kind: Deployment\nspec: [\n', 'CIL001', 'info'],
  ['what may be a policy', 'kind: &kind\n  CiliumNetworkPolicy\nspec: [\n', 'CIL001', 'error'],
  ['a document before a policy', `x: [\n---\n${policy('  endpointSelector: {}\n  ingress: [{}]\n')}`, 'CIL001', 'error'],
  ['a key that stands twice in a Deployment', 'kind: Deployment\nspec: {a: 1, a: 2}\n', 'CIL002', 'info'],
  ['a key that stands twice in a policy', policy('  endpointSelector: {}\n  endpointSelector: {}\n  ingress: [{}]\n'), 'CIL002', 'error'],
  ['an encrypted Secret', 'apiVersion: ENC[AES256_GCM,x]\nkind: ENC[AES256_GCM,y]\nsops: {mac: x}\n', 'CIL003', 'info'],
  ['a template of any kind', 'apiVersion: cilium.io/v2\nkind: "{{ .Values.kind }}"\n', 'CIL003', 'error'],
])('what is wrong with %s', (_, text, code, severity) => {
  const { diagnostics } = checkSources([{ name: 'a.yaml', text }], settingsOf({}));
  expect(diagnostics.filter((one) => one.code.startsWith('CIL00')).map((one) => [one.code, one.severity])).toEqual([[code, severity]]);
});

test('a placeholder in a comment silences nothing', () => {
  expect(found(policy('  endpointSelector: {} # ${X} {{ y }}\n  ingress: []\n'))).toEqual(['CIL202 8:3 /spec/ingress']);
});

test('names of JavaScript object members are fields like any other', () => {
  const spec = '  endpointSelector: {matchLabels: {__proto__: a, constructor: b}}\n  ingress: [{toString: 1, __proto__: 2}]\n';
  expect(found(policy(spec))).toEqual([
    'CIL205 7:36 /spec/endpointSelector/matchLabels/__proto__',
    'CIL103 8:14 /spec/ingress/0/toString',
    'CIL103 8:27 /spec/ingress/0/__proto__',
  ]);
});

test('labels and values of the configuration may have names of JavaScript object members', () => {
  const members = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'];
  const labels = members.map((name) => `${name}: kube-dns`).join(', ');
  const selector = `{matchLabels: {${labels}}}`;
  const spec = `  endpointSelector: ${selector}\n  ingress: [{fromEndpoints: [${selector}]}]\n  egress: [{toEndpoints: [${selector}]}, {toServices: [{k8sServiceSelector: {selector: ${selector}}}]}]\n`;
  const nodes =
    'apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: n}\nspec: {nodeSelector: {}, ingress: [{fromEntities: [health]}]}\n';
  const service = `apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop, labels: {app: db}}\nspec: {ports: [{port: 80}], selector: {${labels}}}\n`;
  const pods = ['a', '${X}'].map(
    (app, i) => `apiVersion: v1\nkind: Pod\nmetadata: {name: p${i}, namespace: shop, labels: {app: "${app}"}}\n`,
  );
  const text = [policy(spec), nodes, service, ...pods].join('---\n');
  for (const member of members) {
    expect(found(text, { config: { 'tunnel-protocol': member } }).filter((one) => one.startsWith('CIL9'))).toEqual([]);
  }
});

test('select and ignore accept codes and prefixes of codes', () => {
  const spec = '  endpointSelector: {}\n  ingres: []\n  ingress: []\n';
  expect(found(policy(spec), { select: ['CIL2'] })).toEqual(['CIL202 9:3 /spec/ingress']);
  expect(found(policy(spec), { ignore: ['cil202'] })).toEqual(['CIL103 8:3 /spec/ingres']);
});

describe('a comparison of two minors', () => {
  const spec = `
  endpointSelector: {}
  ingress:
    - fromEndpoints: [{matchLabels: {"$host": ""}}]
    - fromEndpoints: [{matchLabels: {${'k'.repeat(63)}: ""}}]
    - fromCIDR: [10.0.0.0/33]
`;
  const compared = checkSources([{ name: 'a.yaml', text: policy(spec) }], settingsOf({ cilium: '1.19..1.20' }));

  test('reports what changes, with the minors in which it holds', () => {
    expect(compared.diagnostics.map(({ code, severity, cilium, origin }) => [code, severity, cilium, origin.path[2]])).toEqual([
      ['CIL205', 'error', ['1.20'], 0],
      ['CIL205', 'info', ['1.19'], 1],
    ]);
    expect(compared.settings.minors).toEqual(['1.19', '1.20']);
  });

  test('does not report what reading finds in every minor, but what could not be read', () => {
    const twice = policy('  endpointSelector: {}\n  ingress: [{}]\n');
    const texts = [twice, twice, 'kind: CiliumNetworkPolicy\nx: [\n'].join('---\n');
    const { diagnostics } = checkSources([{ name: 'a.yaml', text: texts }], settingsOf({ cilium: '1.19..1.20' }));
    expect(diagnostics.map(({ code }) => code)).toEqual(['CIL001']);
  });

  test('does not report what both minors reject', () => {
    expect(compared.diagnostics.some(({ code }) => code === 'CIL106')).toBe(false);
  });
});

test('messages say what is, and help says what to do', () => {
  const spec =
    '  endpointSelector: {}\n  ingress:\n    - fromEndpoint: []\n      toPorts: [{ports: [{port: "80", protocol: UDP}], rules: {http: [{path: "/(a"}]}}]\n';
  expect(messages(policy(spec))).toEqual([
    'unknown field `fromEndpoint`, which the API server drops | did you mean `fromEndpoints`?',
    'L7 rules need TCP, but the protocol of this port is UDP | write `protocol: TCP`',
    'regular expression `/(a` is not valid: missing closing ): `/(a` | write RE2 syntax: no look-around, no back-references, repeats up to 1000',
  ]);
});

test.each([
  ['apiVersion: cilium.io/v3\n', '`cilium.io/v3` has no kind CiliumNetworkPolicy | write `apiVersion: cilium.io/v2`'],
  ['', 'the CiliumNetworkPolicy has no `apiVersion` | write `apiVersion: cilium.io/v2`'],
])('a wrong or missing API version is named: %j', (line, message) => {
  const text = policy('  endpointSelector: {}\n  ingress: [{}]\n').replace('apiVersion: cilium.io/v2\n', line);
  expect(messages(text)).toEqual([message]);
});

test('a duplicate policy names the place of the first one', () => {
  const text = policy('  endpointSelector: {}\n  ingress: [{}]\n');
  expect(messages(`${text}---\n${text}`)).toEqual([
    'CiliumNetworkPolicy `shop/web` is already defined | the first one is in policy.yaml, document 1; rename or remove one of them',
  ]);
});

test.each<[string, string]>([
  ['in one policy', policy(`  endpointSelector: {}\n  ingress:\n    - fromCIDR: [${'a, '.repeat(50_001)}]\n`)],
  ['in many', `items: [${'{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: 1}}, '.repeat(50_001)}]`],
])(
  'a run keeps 50,000 findings, and says that there are more: %s',
  (_, text) => {
    const { diagnostics } = checkSources(
      [{ name: 'a.yaml', text: `# cilium-check: allow CIL104, CIL903 -- x\n${text}` }],
      settingsOf({ ignore: ['CIL1'] }),
    );
    const own = diagnostics.filter(({ code }) => code === 'CIL903');
    expect(own.map(({ severity, message, allowed }) => [severity, message, allowed])).toEqual([
      ['error', 'the run has more than 50000 findings, and the rest is left out', undefined],
    ]);
  },
  60_000,
);

test('a long name and a long reason are cut, because every finding repeats them', () => {
  const text = policy('  endpointSelector: {}\n  ingress: [{fromCIDR: [10.0.0.0/08]}]\n')
    .replace('name: web', `name: ${'n'.repeat(10_000)}`)
    .replace(/^/, `# cilium-check: allow CIL209 -- ${'r'.repeat(10_000)}\n`);
  const { diagnostics } = checkSources([{ name: 'a.yaml', text }], settingsOf());
  const [finding] = diagnostics.filter(({ code }) => code === 'CIL209');
  const { resource, allowed } = viewOf(finding);
  expect([resource?.name, allowed]).toEqual([`${'n'.repeat(500)}…`, `${'r'.repeat(500)}…`]);
});
