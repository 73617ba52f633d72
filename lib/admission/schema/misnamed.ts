/** Fields that users write in the words of another kind of policy, or at another place, and what to write instead. */
import type { Path } from '../../model/path';

/** What to write instead of an unknown field. */
export interface Meant {
  readonly help: string;
  /** The name to give to the field, if its value can stay as it is. */
  readonly rename?: string;
}

interface Misnamed {
  readonly fields: readonly string[];
  /** The field to write, which must exist at the place. */
  readonly meant: string;
  /** Another field of the place, where `meant` is not enough to know it. */
  readonly beside?: string;
  /** @default - the field can be renamed to `meant` */
  readonly help?: string;
  /** The field that has the object with the unknown field. @default - any field */
  readonly inside?: readonly string[];
}

/** What was meant by an unknown field, given the known fields at its place; `undefined` if the field is no such word. */
export function meantBy(path: Path, siblings: readonly string[]): Meant | undefined {
  const field = String(path.at(-1));
  const parent =
    path
      .slice(0, -1)
      .filter((step) => typeof step === 'string')
      .at(-1) ?? '';
  const found = MISNAMED.find(
    ({ fields, meant, beside = meant, inside }) =>
      fields.includes(field) && siblings.includes(meant) && siblings.includes(beside) && (inside?.includes(parent) ?? true),
  );
  if (found?.help !== undefined) {
    return { help: found.help };
  }
  const name = found?.meant ?? siblings.find((sibling) => sibling === mirrored(field));
  return name === undefined ? undefined : { help: `did you mean \`${name}\`?`, rename: name };
}

/** The field for the other direction, for example `toPorts` for `fromPorts`. */
function mirrored(field: string): string | undefined {
  const [, direction, rest] = /^(from|to)([A-Z]\w*)$/.exec(field) ?? [];
  return direction === undefined ? undefined : `${direction === 'from' ? 'to' : 'from'}${rest}`;
}

const ENDPOINT_SELECTORS = ['endpointSelector', 'fromEndpoints', 'toEndpoints', 'fromRequires', 'toRequires'];
const NAMESPACE_LABELS =
  'write `k8s:io.kubernetes.pod.namespace: NAME` in `matchLabels`, or `k8s:io.cilium.k8s.namespace.labels.KEY: VALUE` for a label of the namespace';
const BESIDE = 'write it in the rule, beside the list of peers';
const CIDR_FIELDS = ['ipBlock', 'ipBlocks', 'cidr', 'cidrs', 'cidrSet'];

/** The first that fits counts. */
const MISNAMED: readonly Misnamed[] = [
  // An object.
  {
    fields: ['endpointSelector', 'nodeSelector', 'podSelector', 'policyTypes', 'ingress', 'egress', 'ingressDeny', 'egressDeny'],
    meant: 'spec',
    help: 'write it in `spec`',
  },
  // The spec of a Cilium policy.
  { fields: ['podSelector', 'selector', 'subject'], meant: 'endpointSelector' },
  {
    fields: ['namespaceSelector'],
    meant: 'endpointSelector',
    help: 'a CiliumNetworkPolicy applies to its own namespace; for others, write a CiliumClusterwideNetworkPolicy with `k8s:io.kubernetes.pod.namespace` in the `matchLabels` of `endpointSelector`',
  },
  {
    fields: ['policyTypes'],
    meant: 'endpointSelector',
    help: 'a rule puts its direction into default deny; to deny everything, write `ingress: [{}]` or `egress: [{}]`',
  },
  { fields: ['deny', 'action', 'effect'], meant: 'ingressDeny', help: 'write deny rules in `ingressDeny` or `egressDeny`' },
  // A rule of a Cilium policy.
  { fields: ['deny', 'action', 'effect'], meant: 'toPorts', inside: ['ingress'], help: 'write deny rules in `ingressDeny`' },
  { fields: ['deny', 'action', 'effect'], meant: 'toPorts', inside: ['egress'], help: 'write deny rules in `egressDeny`' },
  {
    fields: ['from', 'fromPods', 'fromNamespaces', 'podSelector', 'namespaceSelector'],
    meant: 'fromEndpoints',
    help: 'write `fromEndpoints` with a list of selectors for pods, or `fromCIDR` for addresses',
  },
  {
    fields: ['to', 'toPods', 'toNamespaces', 'podSelector', 'namespaceSelector'],
    meant: 'toEndpoints',
    help: 'write `toEndpoints` with a list of selectors for pods, or `toCIDR` for addresses',
  },
  {
    fields: [...CIDR_FIELDS, 'fromIPBlock', 'fromIPBlocks', 'fromIP', 'fromIPs'],
    meant: 'fromCIDRSet',
    help: 'write `fromCIDRSet: [{ cidr: … }]`, or `fromCIDR` for a list of CIDRs',
  },
  {
    fields: [...CIDR_FIELDS, 'toIPBlock', 'toIPBlocks', 'toIP', 'toIPs'],
    meant: 'toCIDRSet',
    help: 'write `toCIDRSet: [{ cidr: … }]`, or `toCIDR` for a list of CIDRs',
  },
  {
    fields: ['toFQDNs', 'fromFQDNs'],
    meant: 'fromCIDR',
    help: 'a DNS name cannot be a source; write `fromCIDR` for its addresses',
  },
  {
    fields: ['toServices', 'fromServices'],
    meant: 'fromEndpoints',
    help: 'a Service cannot be a source; write `fromEndpoints` for the pods that connect',
  },
  {
    fields: ['toFQDNs'],
    meant: 'toCIDR',
    inside: ['egressDeny'],
    help: 'a deny rule cannot match DNS names; write `toCIDR` for their addresses',
  },
  {
    fields: ['ports', 'port', 'protocol', 'endPort'],
    meant: 'toPorts',
    help: 'write `toPorts: [{ ports: [{ port: "80", protocol: TCP }] }]`',
  },
  { fields: ['rules', 'http', 'dns', 'serverNames', 'listener'], meant: 'toPorts', help: 'write it in an entry of `toPorts`' },
  // An entry of `toPorts`, and of its `ports`.
  {
    fields: ['port', 'protocol', 'endPort'],
    meant: 'ports',
    inside: ['toPorts'],
    help: 'write `ports: [{ port: "80", protocol: TCP }]`',
  },
  { fields: ['http', 'dns'], meant: 'rules', help: 'write it in `rules`' },
  { fields: ['number', 'name', 'containerPort', 'targetPort'], meant: 'port', inside: ['ports'] },
  // Selectors, and what users write beside the labels of peers.
  {
    fields: ['podSelector'],
    meant: 'matchLabels',
    inside: ENDPOINT_SELECTORS,
    help: 'write its `matchLabels` and `matchExpressions` here',
  },
  { fields: ['namespaceSelector', 'namespace', 'namespaces'], meant: 'matchLabels', inside: ENDPOINT_SELECTORS, help: NAMESPACE_LABELS },
  {
    fields: CIDR_FIELDS,
    meant: 'matchLabels',
    inside: ENDPOINT_SELECTORS,
    help: 'an endpoint has no address for policies; write `fromCIDRSet` or `toCIDRSet` in the rule',
  },
  { fields: ['toPorts', 'icmps', 'authentication'], meant: 'matchLabels', inside: ENDPOINT_SELECTORS.slice(1), help: BESIDE },
  { fields: ['labels'], meant: 'matchLabels' },
  { fields: ['expressions'], meant: 'matchExpressions' },
  // Other peers of a Cilium policy.
  { fields: ['ipBlock'], meant: 'cidr', help: 'write its `cidr` and `except` here' },
  { fields: ['exceptions', 'excludes', 'exclude'], meant: 'except' },
  { fields: ['name', 'fqdn'], meant: 'matchName', inside: ['toFQDNs', 'dns'] },
  { fields: ['pattern'], meant: 'matchPattern' },
  {
    fields: ['name', 'serviceName', 'service', 'namespace'],
    meant: 'k8sService',
    help: 'write `k8sService: { serviceName: NAME, namespace: NAMESPACE }`',
  },
  { fields: ['name'], meant: 'serviceName' },
  // The spec of a ClusterNetworkPolicy.
  {
    fields: ['podSelector', 'endpointSelector', 'selector'],
    meant: 'subject',
    help: 'write `subject: { pods: { namespaceSelector: …, podSelector: … } }`',
  },
  { fields: ['namespaceSelector'], meant: 'subject', help: 'write `subject: { namespaces: … }`' },
  {
    fields: ['policyTypes', 'enableDefaultDeny'],
    meant: 'tier',
    help: 'a ClusterNetworkPolicy puts nothing into default deny; write a rule with `action: Deny`',
  },
  { fields: ['ingressDeny', 'egressDeny'], meant: 'tier', help: 'write `action: Deny` in a rule of `ingress` or `egress`' },
  // A rule of a ClusterNetworkPolicy.
  {
    fields: ['ports', 'toPorts', 'port', 'protocol', 'endPort'],
    meant: 'protocols',
    help: 'write `protocols: [{ tcp: { destinationPort: { number: 80 } } }]`',
  },
  {
    fields: ['fromEndpoints', 'podSelector', 'namespaceSelector', 'pods', 'namespaces'],
    meant: 'from',
    beside: 'protocols',
    help: 'write it in a peer of `from`',
  },
  {
    fields: ['toEndpoints', 'podSelector', 'namespaceSelector', 'pods', 'namespaces', 'networks', 'nodes', 'domainNames'],
    meant: 'to',
    beside: 'protocols',
    help: 'write it in a peer of `to`',
  },
  { fields: ['toCIDR', 'toCIDRSet', ...CIDR_FIELDS], meant: 'to', beside: 'protocols', help: 'write `to: [{ networks: […] }]`' },
  { fields: ['toFQDNs'], meant: 'to', beside: 'protocols', help: 'write `to: [{ domainNames: […] }]`' },
  // A peer or the subject of a ClusterNetworkPolicy.
  { fields: ['podSelector', 'namespaceSelector'], meant: 'pods', help: 'write it in `pods`' },
  { fields: ['matchLabels', 'matchExpressions'], meant: 'namespaces', help: 'write it in `namespaces`, or in `pods.podSelector`' },
  { fields: CIDR_FIELDS, meant: 'networks', help: 'write a list of CIDRs in `networks`' },
  { fields: ['fqdns', 'fqdn', 'names', 'matchName'], meant: 'domainNames', help: 'write a list of names in `domainNames`' },
  {
    fields: ['networks', 'nodes', 'domainNames', ...CIDR_FIELDS],
    meant: 'namespaces',
    inside: ['from'],
    help: 'only rules of `egress` have such peers',
  },
  // An entry of `protocols`, and its port.
  { fields: ['TCP', 'UDP', 'SCTP'], meant: 'tcp', help: 'write it in lower case' },
  {
    fields: ['port', 'protocol', 'portNumber', 'portRange', 'number', 'range', 'destinationPort'],
    meant: 'tcp',
    help: 'write `tcp: { destinationPort: { number: 80 } }`',
  },
  { fields: ['namedPort', 'name'], meant: 'destinationNamedPort' },
  {
    fields: ['port', 'number', 'range'],
    meant: 'destinationPort',
    help: 'write `destinationPort: { number: 80 }` or `destinationPort: { range: { start: 80, end: 90 } }`',
  },
  { fields: ['port'], meant: 'number' },
  { fields: ['start', 'end'], meant: 'range', help: 'write `range: { start: 80, end: 90 }`' },
  { fields: ['endPort'], meant: 'end' },
  // The spec of a NetworkPolicy.
  { fields: ['endpointSelector', 'selector'], meant: 'podSelector' },
  {
    fields: ['nodeSelector'],
    meant: 'policyTypes',
    help: 'a NetworkPolicy cannot select nodes; write a CiliumClusterwideNetworkPolicy',
  },
  {
    fields: ['ingressDeny', 'egressDeny', 'deny', 'action'],
    meant: 'policyTypes',
    help: 'a NetworkPolicy has no deny rules; write a CiliumNetworkPolicy',
  },
  {
    fields: ['enableDefaultDeny'],
    meant: 'policyTypes',
    help: 'a NetworkPolicy puts the directions in `policyTypes` into default deny',
  },
  // A rule of a NetworkPolicy.
  {
    fields: ['fromEndpoints', 'fromPods', 'podSelector', 'namespaceSelector'],
    meant: 'from',
    help: 'write `from` with a `podSelector`, a `namespaceSelector` or both',
  },
  {
    fields: ['toEndpoints', 'toPods', 'podSelector', 'namespaceSelector'],
    meant: 'to',
    help: 'write `to` with a `podSelector`, a `namespaceSelector` or both',
  },
  { fields: ['fromCIDR', 'fromCIDRSet', 'fromIPBlock', ...CIDR_FIELDS], meant: 'from', help: 'write `from: [{ ipBlock: { cidr: … } }]`' },
  { fields: ['toCIDR', 'toCIDRSet', 'toIPBlock', ...CIDR_FIELDS], meant: 'to', help: 'write `to: [{ ipBlock: { cidr: … } }]`' },
  {
    fields: ['toPorts', 'fromPorts', 'port', 'protocol'],
    meant: 'ports',
    inside: ['ingress', 'egress'],
    help: 'write `ports: [{ port: 80, protocol: TCP }]`',
  },
  {
    fields: ['fromEntities', 'fromNodes', 'toEntities', 'toNodes', 'toFQDNs', 'toServices', 'icmps'],
    meant: 'ports',
    inside: ['ingress', 'egress'],
    help: 'a NetworkPolicy has no such peers or traffic; write a CiliumNetworkPolicy',
  },
  // A peer of a NetworkPolicy.
  { fields: ['matchLabels', 'matchExpressions'], meant: 'podSelector', help: 'write it in a `podSelector` or a `namespaceSelector`' },
  { fields: ['cidr', 'except'], meant: 'ipBlock', help: 'write it in an `ipBlock`' },
  { fields: ['ports'], meant: 'ipBlock', help: BESIDE },
];
