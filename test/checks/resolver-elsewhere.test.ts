/** CIL515: DNS that is opened to pods that are not the resolver. */
import { checkObjects } from '../../lib/engine';
import type { AgentConfig } from '../../lib/model/config';
import type { JsonObject } from '../../lib/model/json';
import { app, ccnp, cnp, dns, KUBE_DNS, netpol } from '../support/policies';

function found(objects: readonly JsonObject[], config: AgentConfig = {}): string[] {
  return checkObjects(objects, { config })
    .filter(({ code }) => code === 'CIL515')
    .map(({ severity, resource, path, message }) => `${severity} ${resource?.name} ${path}: ${message}`);
}

const pod = (name: string, labels: JsonObject, spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'kube-system', labels },
  spec: { nodeName: 'a', ...spec },
  status: { podIP: '10.0.0.9' },
});
const COREDNS = pod('coredns', { 'k8s-app': 'coredns' });
const KUBEDNS = pod('kube-dns', { 'k8s-app': 'kube-dns' });
const CACHE = pod('cache', { 'k8s-app': 'node-local-dns' });
const SERVICE: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kube-dns', namespace: 'kube-system' },
  spec: { clusterIP: '10.96.0.10', selector: { 'k8s-app': 'kube-dns' }, ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] },
};
const REDIRECT: JsonObject = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumLocalRedirectPolicy',
  metadata: { name: 'cache', namespace: 'kube-system' },
  spec: {
    redirectFrontend: { serviceMatcher: { serviceName: 'kube-dns', namespace: 'kube-system' } },
    redirectBackend: {
      localEndpointSelector: { matchLabels: { 'k8s-app': 'node-local-dns' } },
      toPorts: [{ port: '53', name: 'dns', protocol: 'UDP' }],
    },
  },
};
const WEB = cnp('web', { egress: [dns('*')] });
const text = (name: string) =>
  `warning web /spec/egress/0: the rule does not open DNS at the resolver \`kube-system/${name}\`, and no other rule does so for these pods`;

test('the resolver has another label', () => {
  expect(found([WEB, COREDNS])).toEqual([text('coredns')]);
  expect(found([WEB, KUBEDNS])).toEqual([]);
});

test('a cache on the node answers, if redirects are on', () => {
  const redirected = [WEB, KUBEDNS, CACHE, SERVICE, REDIRECT];
  expect(found(redirected, { 'enable-local-redirect-policy': 'true' })).toEqual([text('cache')]);
  expect(found(redirected, { 'enable-local-redirect-policy': 'false' })).toEqual([]);
  const both = cnp('web', {
    egress: [dns('*'), { toEndpoints: [{ matchLabels: { 'k8s-app': 'node-local-dns', 'io.kubernetes.pod.namespace': 'kube-system' } }] }],
  });
  expect(found([both, ...redirected.slice(1)], { 'enable-local-redirect-policy': 'true' })).toEqual([]);
});

test('of a NetworkPolicy', () => {
  const to = [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ];
  const policy = netpol('web', { policyTypes: ['Egress'], egress: [{ to, ports: [{ port: 53, protocol: 'UDP' }] }] });
  expect(found([policy, COREDNS])).toHaveLength(1);
});

test.each<[string, readonly JsonObject[]]>([
  [
    'another rule opens the resolver',
    [cnp('web', { egress: [dns(), { toEntities: ['cluster'], toPorts: [{ ports: [{ port: '53' }] }] }] }), COREDNS],
  ],
  [
    'another policy does so for every pod',
    [WEB, ccnp('all', { egress: [{ toEndpoints: [{ matchLabels: { 'k8s-app': 'coredns' } }] }] }), COREDNS],
  ],
  [
    'a policy for other labels may do so',
    [WEB, cnp('b', { endpointSelector: { matchLabels: { tier: 'a' } }, egress: [{ toEntities: ['all'] }] }), COREDNS],
  ],
  ['a policy with a placeholder may do so', [WEB, cnp('b', { egress: [{ toEndpoints: [{ matchLabels: { app: '${DNS}' } }] }] }), COREDNS]],
  ['the resolver is in the network of its node', [WEB, pod('coredns', { 'k8s-app': 'coredns' }, { hostNetwork: true })]],
  ['the resolver is not listed', [WEB, pod('x', { app: 'x' })]],
  [
    'the pods have another name',
    [cnp('web', { egress: [{ toEndpoints: [app('pihole')], toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }] }] }] }), COREDNS],
  ],
  [
    'the rule opens nothing closed',
    [
      cnp('web', {
        enableDefaultDeny: { egress: false },
        egress: [{ toEndpoints: [KUBE_DNS], toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }] }] }],
      }),
      COREDNS,
    ],
  ],
])('nothing is said if %s', (_, objects) => {
  expect(found(objects)).toEqual([]);
});
