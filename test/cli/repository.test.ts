/**
 * The command line on a GitOps repository as they really are: Flux placeholders, kustomize, Helm, other vendors' kinds, several clusters. Needs
 * `npm run build`. Every finding is true, everything that was not checked is named, and no answer is a guess.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliFolder } from '../support/cli';

const policy = (name: string, spec: string, more = '') =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: ${name}\n${more}spec:\n${spec}`;
const DB = '  endpointSelector: {matchLabels: {app: db}}\n  ingress:\n    - fromEndpoints: [{matchLabels: {app: web}}]\n';

const FILES: Readonly<Record<string, string>> = {
  // Flux: a base with placeholders, and an overlay for each cluster.
  'apps/base/kustomization.yaml': 'resources: [db.yaml, office.yaml]\n',
  'apps/base/db.yaml': policy('db', DB),
  'apps/base/office.yaml': policy(
    'office',
    '  endpointSelector: {matchLabels: {app: web}}\n  ingress:\n    - fromCIDRSet:\n        - cidr: ${OFFICE_CIDR}\n      toPorts:\n        - ports: [{port: "${WEB_PORT:=8080}", protocol: TCP}]\n',
  ),
  'apps/prod/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: shop\nresources: [../base]\npatches:\n  - path: more-ports.yaml\n  - path: remove.yaml\n    target: {kind: CiliumNetworkPolicy}\n',
  'apps/prod/more-ports.yaml': policy('office', '  ingress:\n    - fromEntities: [cluster]\n'),
  'apps/prod/remove.yaml': '- op: remove\n  path: /spec/ingress/0/toPorts\n# of a CiliumNetworkPolicy\n',
  // A chart, rendered by Helm in the cluster.
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/values.yaml': 'policy: {enabled: true}\n',
  'charts/web/templates/policy.yaml': `{{- if .Values.policy.enabled }}\n${policy('{{ .Release.Name }}', '  endpointSelector: {}\n  {{- toYaml .Values.rules | nindent 2 }}\n')}{{- end }}\n`,
  'charts/web/templates/deployment.yaml': 'kind: Deployment\nmetadata: {name: {{ .Release.Name }}}\n',
  // Kinds of others with names of ours.
  'calico/default.yaml':
    'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: default, namespace: shop}\nspec: {selector: all(), types: [Ingress]}\n',
  'calico/crd.yaml': 'apiVersion: crd.projectcalico.org/v1\nkind: GlobalNetworkPolicy\nmetadata: {name: all}\nspec: {order: 10}\n',
  'eks/admin.yaml': 'apiVersion: networking.k8s.aws/v1alpha1\nkind: ClusterNetworkPolicy\nmetadata: {name: admin}\nspec: {tier: Admin}\n',
  'tetragon/exec.yaml': 'apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: {name: exec}\nspec: {}\n',
  'bgp/peering.yaml': 'apiVersion: cilium.io/v2alpha1\nkind: CiliumBGPPeeringPolicy\nmetadata: {name: rack0}\nspec: {}\n',
  // Policies inside of other objects.
  'kyverno/generate.yaml':
    'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: add-policy}\nspec:\n  rules:\n    - name: r\n      generate:\n        apiVersion: cilium.io/v2\n        kind: CiliumNetworkPolicy\n        name: default-deny\n        data: {spec: {endpointSelector: {}}}\n',
  'releases/web.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web}\nspec:\n  values:\n    extraObjects:\n      - ${policy('inner', '  endpointSelector: {}\n  ingress: []\n').replaceAll('\n', '\n        ').trimEnd()}\n`,
  // Merge keys, SOPS and the Vault plugin of Argo CD.
  'merged/policy.yaml': `${policy('merged', '  endpointSelector: {}\n  ingress:\n    - &rule {fromEntities: [cluster]}\n    - <<: *rule\n      fromEntities: [host]\n')}`,
  'secrets/sops.yaml': policy(
    'sops',
    '  endpointSelector: {}\n  egress:\n    - toFQDNs:\n        - matchName: ENC[AES256_GCM,data:abc,type:str]\n',
  ),
  'secrets/vault.yaml': policy('vault', '  endpointSelector: {}\n  egress:\n    - toCIDR:\n        - <path:secret/data/net#cidr>\n'),
  // What other tools write.
  'scanner/exceptions.json': '[{"policyType": "postureExceptionPolicy", "resources": [{"attributes": {"kind": "CiliumNetworkPolicy"}}]}]',
  'kcl/out.yaml': `- ${policy('kcl', DB).replaceAll('\n', '\n  ').trimEnd()}\n- apiVersion: v1\n  kind: Namespace\n  metadata: {name: kcl}\n`,
  'notes/empty.yaml': '# a NetworkPolicy will be here\n',
  // Two clusters with a policy of the same name, and one mistake each.
  'clusters/prod/db.yaml': policy('cluster-db', DB, '  namespace: shop\n'),
  'clusters/prod/bad.yaml': policy('bad', '  endpointSelector: {}\n  ingress:\n    - fromCIDR: [192.0.2.0/33]\n', '  namespace: shop\n'),
  'clusters/test/db.yaml': policy('cluster-db', DB.replace('web', 'tester'), '  namespace: shop\n'),
  'clusters/test/typo.yaml': policy('typo', '  endpointSelector: {}\n  ingress:\n    - fromEndpoint: [{}]\n', '  namespace: shop\n'),
};

const cli = new CliFolder();

beforeEach(() => Object.entries(FILES).forEach(([path, text]) => cli.write(path, text)));

const cilium = (words: string) => cli.run(words.split(' '));

interface Report {
  readonly summary: { readonly policies: number; readonly notChecked: readonly string[] };
  readonly diagnostics: readonly { readonly code: string; readonly file: string; readonly line: number; readonly severity: string }[];
}

function checked(words: string): Report {
  return JSON.parse(cilium(`check -o json ${words}`).stdout) as Report;
}

const shown = ({ diagnostics }: Report) => diagnostics.map(({ severity, code, file, line }) => `${severity} ${code} ${file}:${line}`);

test('only true findings are reported, and what was not checked is named', () => {
  const report = checked('.');
  expect(shown(report)).toEqual([
    'info CIL010 apps/base/office.yaml:1',
    'error CIL106 clusters/prod/bad.yaml:9',
    'warning CIL005 clusters/test/db.yaml:4',
    'error CIL103 clusters/test/typo.yaml:9',
    'info CIL413 merged/policy.yaml:10',
    'info CIL010 secrets/sops.yaml:1',
    'info CIL010 secrets/vault.yaml:1',
  ]);
  expect(report.summary.policies).toBe(10);
  expect(report.summary.notChecked).toEqual([
    'apps/prod/more-ports.yaml:1: a patch of a kustomization; judge what `kustomize build` prints',
    'apps/prod/remove.yaml:1: a patch of a kustomization; judge what `kustomize build` prints',
    'charts/web/templates/policy.yaml:1: a template of a Helm chart; judge what `helm template` prints',
    'kyverno/generate.yaml:7: a policy inside another object',
    'releases/web.yaml:7: a policy inside another object',
    'scanner/exceptions.json:1: a list of which not all items are manifests',
  ]);
});

test('the sets of two clusters have no duplicates, and a finding names its set', () => {
  cli.write('cdk8s-cilium.yaml', 'sets:\n  - {name: prod, paths: [apps, clusters/prod]}\n  - {name: test, paths: [apps, clusters/test]}\n');
  expect(shown(checked('--embedded')).filter((line) => !line.startsWith('info'))).toEqual([
    'error CIL106 clusters/prod/bad.yaml:9',
    'error CIL103 clusters/test/typo.yaml:9',
  ]);
});

test('with its values, everything in a policy is checked', () => {
  const found = shown(checked('--values OFFICE_CIDR=198.51.100.0/24 --values WEB_PORT=99999 apps'));
  expect(found).toEqual(['error CIL213 apps/base/office.yaml:11']);
  expect(shown(checked('--values OFFICE_CIDR=198.51.100.0/24 apps'))).toEqual([]);
});

test('policies inside of other objects are checked on demand', () => {
  expect(shown(checked('--embedded releases kyverno'))).toEqual(['error CIL202 releases/web.yaml:13']);
});

test('a repair changes what is wrong, and nothing else', () => {
  cilium('check --fix .');
  const changed = Object.keys(FILES).filter((path) => readFileSync(join(cli.path, path), 'utf8') !== FILES[path]);
  expect(changed).toEqual([]);
});

test('what a patch or a chart could turn is unknown, and what a placeholder leaves open too', () => {
  const flow = '--from labels:app=web@shop --to labels:app=db@shop --port 5432';
  expect(cilium(`verdict . ${flow}`)).toMatchObject({ status: 1, stdout: expect.stringMatching(/^unknown: /) as string });
  const office = '--from ip:198.51.100.7 --to labels:app=web@shop --port 8080';
  const base = `verdict apps/base --namespace shop ${office}`;
  expect(cilium(base).stdout).toContain('the value of `${OFFICE_CIDR}`');
  expect(cilium(`${base} --values OFFICE_CIDR=198.51.100.0/24`)).toMatchObject({ status: 0 });
  expect(cilium(`${base} --values OFFICE_CIDR=203.0.113.0/24`)).toMatchObject({ status: 1 });
});
