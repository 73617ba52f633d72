/** What is advised for fields in the words of another kind of policy, or at another place. */
import { check } from '../../lib/engine';

/** The path of an unknown field, and the advice for it. */
function advised(kind: string, apiVersion: string, object: object): (readonly [string, string | null])[] {
  const text = JSON.stringify({ apiVersion, kind, metadata: { name: 'p', namespace: 'shop' }, ...object });
  return check([{ name: 'p.json', text }], { cilium: '1.20', select: ['CIL103'] }).map(({ path, help }) => [path, help]);
}

const cilium = (spec: object) => advised('CiliumNetworkPolicy', 'cilium.io/v2', { spec: { endpointSelector: {}, ...spec } });
const tiers = (spec: object) =>
  advised('ClusterNetworkPolicy', 'policy.networking.k8s.io/v1alpha2', {
    metadata: { name: 'p' },
    spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, ...spec },
  });
const kubernetes = (spec: object) => advised('NetworkPolicy', 'networking.k8s.io/v1', { spec: { podSelector: {}, ...spec } });

const NAMESPACE_LABELS =
  'write `k8s:io.kubernetes.pod.namespace: NAME` in `matchLabels`, or `k8s:io.cilium.k8s.namespace.labels.KEY: VALUE` for a label of the namespace';
const FROM_ENDPOINTS = 'write `fromEndpoints` with a list of selectors for pods, or `fromCIDR` for addresses';
const TO_ENDPOINTS = 'write `toEndpoints` with a list of selectors for pods, or `toCIDR` for addresses';
const FROM_CIDR = 'write `fromCIDRSet: [{ cidr: … }]`, or `fromCIDR` for a list of CIDRs';
const TO_CIDR = 'write `toCIDRSet: [{ cidr: … }]`, or `toCIDR` for a list of CIDRs';
const TO_PORTS = 'write `toPorts: [{ ports: [{ port: "80", protocol: TCP }] }]`';
const BESIDE = 'write it in the rule, beside the list of peers';

test.each<[string, object, string]>([
  ['/podSelector', { podSelector: {} }, 'did you mean `endpointSelector`?'],
  ['/selector', { selector: {} }, 'did you mean `endpointSelector`?'],
  [
    '/namespaceSelector',
    { namespaceSelector: {} },
    'a CiliumNetworkPolicy applies to its own namespace; for others, write a CiliumClusterwideNetworkPolicy with `k8s:io.kubernetes.pod.namespace` in the `matchLabels` of `endpointSelector`',
  ],
  [
    '/policyTypes',
    { policyTypes: ['Ingress'] },
    'a rule puts its direction into default deny; to deny everything, write `ingress: [{}]` or `egress: [{}]`',
  ],
  ['/deny', { deny: [] }, 'write deny rules in `ingressDeny` or `egressDeny`'],
  ['/ingress/0/deny', { ingress: [{ deny: true }] }, 'write deny rules in `ingressDeny`'],
  ['/egress/0/action', { egress: [{ action: 'Deny' }] }, 'write deny rules in `egressDeny`'],
  ['/ingress/0/fromPorts', { ingress: [{ fromPorts: [] }] }, 'did you mean `toPorts`?'],
  ['/ingress/0/toEntities', { ingress: [{ toEntities: [] }] }, 'did you mean `fromEntities`?'],
  ['/egress/0/fromCIDR', { egress: [{ fromCIDR: [] }] }, 'did you mean `toCIDR`?'],
  ['/ingress/0/from', { ingress: [{ from: [] }] }, FROM_ENDPOINTS],
  ['/ingressDeny/0/podSelector', { ingressDeny: [{ podSelector: {} }] }, FROM_ENDPOINTS],
  ['/egress/0/to', { egress: [{ to: [] }] }, TO_ENDPOINTS],
  ['/egressDeny/0/namespaceSelector', { egressDeny: [{ namespaceSelector: {} }] }, TO_ENDPOINTS],
  ['/ingress/0/fromIPBlock', { ingress: [{ fromIPBlock: {} }] }, FROM_CIDR],
  ['/ingress/0/ipBlock', { ingress: [{ ipBlock: {} }] }, FROM_CIDR],
  ['/egress/0/ipBlock', { egress: [{ ipBlock: {} }] }, TO_CIDR],
  ['/egressDeny/0/cidr', { egressDeny: [{ cidr: '' }] }, TO_CIDR],
  ['/ingress/0/fromFQDNs', { ingress: [{ fromFQDNs: [] }] }, 'a DNS name cannot be a source; write `fromCIDR` for its addresses'],
  [
    '/ingress/0/fromServices',
    { ingress: [{ fromServices: [] }] },
    'a Service cannot be a source; write `fromEndpoints` for the pods that connect',
  ],
  ['/egressDeny/0/toFQDNs', { egressDeny: [{ toFQDNs: [] }] }, 'a deny rule cannot match DNS names; write `toCIDR` for their addresses'],
  ['/ingress/0/ports', { ingress: [{ ports: [] }] }, TO_PORTS],
  ['/egressDeny/0/port', { egressDeny: [{ port: 80 }] }, TO_PORTS],
  ['/ingress/0/rules', { ingress: [{ rules: {} }] }, 'write it in an entry of `toPorts`'],
  ['/ingress/0/toPorts/0/port', { ingress: [{ toPorts: [{ port: '80' }] }] }, 'write `ports: [{ port: "80", protocol: TCP }]`'],
  ['/ingress/0/toPorts/0/http', { ingress: [{ toPorts: [{ ports: [], http: [] }] }] }, 'write it in `rules`'],
  ['/ingress/0/toPorts/0/ports/0/containerPort', { ingress: [{ toPorts: [{ ports: [{ containerPort: 80 }] }] }] }, 'did you mean `port`?'],
  ['/ingress/0/fromEndpoints/0/namespaceSelector', { ingress: [{ fromEndpoints: [{ namespaceSelector: {} }] }] }, NAMESPACE_LABELS],
  ['/egress/0/toEndpoints/0/namespace', { egress: [{ toEndpoints: [{ namespace: 'x' }] }] }, NAMESPACE_LABELS],
  [
    '/egress/0/toEndpoints/0/podSelector',
    { egress: [{ toEndpoints: [{ podSelector: {} }] }] },
    'write its `matchLabels` and `matchExpressions` here',
  ],
  [
    '/ingress/0/fromEndpoints/0/ipBlock',
    { ingress: [{ fromEndpoints: [{ ipBlock: {} }] }] },
    'an endpoint has no address for policies; write `fromCIDRSet` or `toCIDRSet` in the rule',
  ],
  ['/ingress/0/fromEndpoints/0/toPorts', { ingress: [{ fromEndpoints: [{ toPorts: [] }] }] }, BESIDE],
  ['/ingress/0/fromEndpoints/0/labels', { ingress: [{ fromEndpoints: [{ labels: {} }] }] }, 'did you mean `matchLabels`?'],
  ['/endpointSelector/expressions', { endpointSelector: { expressions: [] } }, 'did you mean `matchExpressions`?'],
  [
    '/endpointSelector/app',
    { endpointSelector: { app: 'web' } },
    'write labels in `matchLabels`; known fields: `matchExpressions`, `matchLabels`',
  ],
  ['/egress/0/toCIDRSet/0/ipBlock', { egress: [{ toCIDRSet: [{ ipBlock: {} }] }] }, 'write its `cidr` and `except` here'],
  ['/egress/0/toCIDRSet/0/exclude', { egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', exclude: [] }] }] }, 'did you mean `except`?'],
  ['/egress/0/toFQDNs/0/name', { egress: [{ toFQDNs: [{ name: 'a' }] }] }, 'did you mean `matchName`?'],
  ['/egress/0/toFQDNs/0/pattern', { egress: [{ toFQDNs: [{ pattern: 'a' }] }] }, 'did you mean `matchPattern`?'],
  [
    '/egress/0/toServices/0/serviceName',
    { egress: [{ toServices: [{ serviceName: 'a' }] }] },
    'write `k8sService: { serviceName: NAME, namespace: NAMESPACE }`',
  ],
  ['/egress/0/toServices/0/k8sService/name', { egress: [{ toServices: [{ k8sService: { name: 'a' } }] }] }, 'did you mean `serviceName`?'],
])('a Cilium policy with %s', (path, spec, help) => {
  expect(cilium(spec)).toEqual([[`/spec${path}`, help]]);
});

test.each<[string, object, string]>([
  ['/endpointSelector', { endpointSelector: {} }, 'did you mean `podSelector`?'],
  ['/nodeSelector', { nodeSelector: {} }, 'a NetworkPolicy cannot select nodes; write a CiliumClusterwideNetworkPolicy'],
  ['/ingressDeny', { ingressDeny: [] }, 'a NetworkPolicy has no deny rules; write a CiliumNetworkPolicy'],
  ['/enableDefaultDeny', { enableDefaultDeny: {} }, 'a NetworkPolicy puts the directions in `policyTypes` into default deny'],
  ['/ingress/0/fromEndpoints', { ingress: [{ fromEndpoints: [] }] }, 'write `from` with a `podSelector`, a `namespaceSelector` or both'],
  ['/egress/0/toEndpoints', { egress: [{ toEndpoints: [] }] }, 'write `to` with a `podSelector`, a `namespaceSelector` or both'],
  ['/ingress/0/fromCIDR', { ingress: [{ fromCIDR: [] }] }, 'write `from: [{ ipBlock: { cidr: … } }]`'],
  ['/egress/0/toCIDRSet', { egress: [{ toCIDRSet: [] }] }, 'write `to: [{ ipBlock: { cidr: … } }]`'],
  ['/ingress/0/toPorts', { ingress: [{ toPorts: [] }] }, 'write `ports: [{ port: 80, protocol: TCP }]`'],
  ['/egress/0/toFQDNs', { egress: [{ toFQDNs: [] }] }, 'a NetworkPolicy has no such peers or traffic; write a CiliumNetworkPolicy'],
  ['/ingress/0/from/0/endpointSelector', { ingress: [{ from: [{ endpointSelector: {} }] }] }, 'did you mean `podSelector`?'],
  ['/ingress/0/from/0/matchLabels', { ingress: [{ from: [{ matchLabels: {} }] }] }, 'write it in a `podSelector` or a `namespaceSelector`'],
  ['/egress/0/to/0/cidr', { egress: [{ to: [{ cidr: '10.0.0.0/8' }] }] }, 'write it in an `ipBlock`'],
  ['/egress/0/to/0/ports', { egress: [{ to: [{ ports: [] }] }] }, BESIDE],
  ['/podSelector/app', { podSelector: { app: 'web' } }, 'write labels in `matchLabels`; known fields: `matchLabels`, `matchExpressions`'],
])('a NetworkPolicy with %s', (path, spec, help) => {
  expect(kubernetes(spec)).toEqual([[`/spec${path}`, help]]);
});

test.each<[string, object, string]>([
  ['/podSelector', { podSelector: {} }, 'write `subject: { pods: { namespaceSelector: …, podSelector: … } }`'],
  ['/namespaceSelector', { namespaceSelector: {} }, 'write `subject: { namespaces: … }`'],
  ['/policyTypes', { policyTypes: [] }, 'a ClusterNetworkPolicy puts nothing into default deny; write a rule with `action: Deny`'],
  ['/egressDeny', { egressDeny: [] }, 'write `action: Deny` in a rule of `ingress` or `egress`'],
  ['/subject/podSelector', { subject: { namespaces: {}, podSelector: {} } }, 'write it in `pods`'],
  ['/subject/matchLabels', { subject: { namespaces: {}, matchLabels: {} } }, 'write it in `namespaces`, or in `pods.podSelector`'],
  ['/ingress/0/ports', rule('from', { ports: [] }), 'write `protocols: [{ tcp: { destinationPort: { number: 80 } } }]`'],
  ['/ingress/0/podSelector', rule('from', { podSelector: {} }), 'write it in a peer of `from`'],
  ['/egress/0/networks', rule('to', { networks: [] }), 'write it in a peer of `to`'],
  ['/egress/0/toCIDR', rule('to', { toCIDR: [] }), 'write `to: [{ networks: […] }]`'],
  ['/egress/0/toFQDNs', rule('to', { toFQDNs: [] }), 'write `to: [{ domainNames: […] }]`'],
  ['/ingress/0/from/0/networks', rule('from', {}, { namespaces: {}, networks: [] }), 'only rules of `egress` have such peers'],
  ['/egress/0/to/0/ipBlock', rule('to', {}, { namespaces: {}, ipBlock: {} }), 'write a list of CIDRs in `networks`'],
  ['/egress/0/to/0/fqdns', rule('to', {}, { namespaces: {}, fqdns: [] }), 'write a list of names in `domainNames`'],
  ['/egress/0/protocols/0/TCP', withProtocol({ TCP: {} }), 'write it in lower case'],
  ['/egress/0/protocols/0/portNumber', withProtocol({ portNumber: {} }), 'write `tcp: { destinationPort: { number: 80 } }`'],
  ['/egress/0/protocols/0/namedPort', withProtocol({ namedPort: 'http' }), 'did you mean `destinationNamedPort`?'],
  [
    '/egress/0/protocols/0/tcp/number',
    withProtocol({ tcp: { number: 80 } }),
    'write `destinationPort: { number: 80 }` or `destinationPort: { range: { start: 80, end: 90 } }`',
  ],
  ['/egress/0/protocols/0/tcp/destinationPort/port', withProtocol({ tcp: { destinationPort: { port: 80 } } }), 'did you mean `number`?'],
  [
    '/egress/0/protocols/0/tcp/destinationPort/start',
    withProtocol({ tcp: { destinationPort: { number: 80, start: 80 } } }),
    'write `range: { start: 80, end: 90 }`',
  ],
])('a ClusterNetworkPolicy with %s', (path, spec, help) => {
  expect(tiers(spec)).toEqual([[`/spec${path}`, help]]);
});

/** A rule with one peer. */
function rule(field: 'from' | 'to', more: object, peer: object = { namespaces: {} }): object {
  return { [field === 'from' ? 'ingress' : 'egress']: [{ action: 'Accept', [field]: [peer], ...more }] };
}

function withProtocol(protocol: object): object {
  return rule('to', { protocols: [protocol] });
}

test('what stands beside the spec belongs into it', () => {
  const object = { spec: { endpointSelector: {}, egress: [{}] }, ingress: [] };
  expect(advised('CiliumNetworkPolicy', 'cilium.io/v2', object)).toEqual([['/ingress', 'write it in `spec`']]);
});

test('a field is not advised where it does not exist', () => {
  const spec = { nodeSelector: { podSelector: 1 }, ingress: [{ fromNodes: [{ namespaceSelector: 1 }] }] };
  const helps = advised('CiliumClusterwideNetworkPolicy', 'cilium.io/v2', { spec }).map(([, help]) => help);
  expect(helps).toEqual(Array(2).fill('write labels in `matchLabels`; known fields: `matchExpressions`, `matchLabels`'));
});
