/** The names in generated policies. There are only a few, so that rules overlap. */

/** A key and its values. */
export interface LabelChoices {
  readonly key: string;
  readonly values: readonly string[];
}

/** The name of an object, and its namespace. */
export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/** Names of every kind. No list is empty, and all supported minors accept all names. */
export interface Universe {
  readonly policyNames: readonly string[];
  readonly namespaces: readonly string[];
  /** Labels of pods, without a source. */
  readonly labels: readonly LabelChoices[];
  /** Labels of namespaces, as on the namespace. */
  readonly namespaceLabels: readonly LabelChoices[];
  readonly nodeLabels: readonly LabelChoices[];
  readonly serviceAccounts: readonly string[];
  readonly clusters: readonly string[];
  /** The part behind `reserved:`. */
  readonly reserved: readonly string[];
  readonly entities: readonly string[];
  readonly ports: readonly number[];
  readonly portNames: readonly string[];
  /** CIDRs of both families, many of them inside others. */
  readonly cidrs: readonly string[];
  readonly cidrGroups: readonly string[];
  readonly cidrGroupLabels: readonly LabelChoices[];
  readonly dnsNames: readonly string[];
  readonly dnsPatterns: readonly string[];
  readonly serverNames: readonly string[];
  readonly services: readonly NamespacedName[];
  readonly serviceLabels: readonly LabelChoices[];
  /** Regular expressions. */
  readonly paths: readonly string[];
  /** Regular expressions. */
  readonly methods: readonly string[];
  /** Regular expressions. */
  readonly hosts: readonly string[];
  /** `NAME` or `NAME VALUE`. */
  readonly headers: readonly string[];
  readonly headerNames: readonly string[];
  readonly headerValues: readonly string[];
  readonly listeners: readonly string[];
  readonly envoyConfigs: readonly string[];
  readonly secrets: readonly NamespacedName[];
  readonly securityGroups: readonly string[];
}

export const UNIVERSE: Universe = {
  policyNames: ['web', 'allow-dns', 'default-deny', 'db.from-web', 'p'],
  namespaces: ['shop', 'bank', 'kube-system'],
  labels: [
    { key: 'app', values: ['web', 'db', 'gateway'] },
    { key: 'tier', values: ['front', 'back'] },
    { key: 'app.kubernetes.io/name', values: ['web', 'db'] },
    { key: 'k8s-app', values: ['kube-dns'] },
  ],
  namespaceLabels: [
    { key: 'team', values: ['red', 'blue'] },
    { key: 'kubernetes.io/metadata.name', values: ['shop', 'bank', 'kube-system'] },
  ],
  nodeLabels: [
    { key: 'node-role.kubernetes.io/control-plane', values: [''] },
    { key: 'pool', values: ['edge', 'batch'] },
  ],
  serviceAccounts: ['web', 'default'],
  clusters: ['default', 'east'],
  reserved: ['host', 'remote-node', 'world', 'kube-apiserver', 'health', 'ingress', 'init'],
  entities: ['world', 'cluster', 'host', 'all', 'kube-apiserver', 'remote-node', 'health', 'ingress', 'init', 'unmanaged', 'none'],
  ports: [80, 443, 8080, 53, 9090],
  portNames: ['http', 'metrics', 'dns'],
  cidrs: [
    '10.0.0.0/8',
    '10.1.0.0/16',
    '10.1.2.0/24',
    '10.1.2.3/32',
    '203.0.113.0/24',
    '203.0.113.5/32',
    '0.0.0.0/0',
    '::/0',
    '2001:db8::/32',
    '2001:db8:1::/48',
    '2001:db8::1/128',
  ],
  cidrGroups: ['office', 'partners'],
  cidrGroupLabels: [
    { key: 'kind', values: ['office', 'cdn'] },
    { key: 'trust', values: ['low', 'high'] },
  ],
  dnsNames: ['api.example.com', 'example.com', 'db.shop.svc.cluster.local'],
  dnsPatterns: ['*.example.com', '*', '**.example.com', 'api*.example.com', '*.svc.cluster.local'],
  serverNames: ['api.example.com', '*.example.com', '**.example.com'],
  services: [
    { namespace: 'shop', name: 'web' },
    { namespace: 'bank', name: 'db' },
    { namespace: 'kube-system', name: 'kube-dns' },
  ],
  serviceLabels: [{ key: 'app', values: ['web', 'db'] }],
  paths: ['/', '/public', '/v1/.*', '/api/[0-9]+', '^/health$'],
  methods: ['GET', 'POST', 'GET|HEAD'],
  hosts: ['api.example.com', '^shop\\..*$'],
  headers: ['X-Tenant', 'X-Tenant red'],
  headerNames: ['X-Tenant', 'Authorization'],
  headerValues: ['red', 'blue'],
  listeners: ['inspect', 'tunnel'],
  envoyConfigs: ['proxy', 'egress-proxy'],
  secrets: [
    { namespace: 'shop', name: 'tls' },
    { namespace: 'cilium-secrets', name: 'token' },
  ],
  securityGroups: ['sg-1', 'sg-2'],
};
