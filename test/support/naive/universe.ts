/** A tiny cluster, and the connections that are possible in it. */
import type { AgentConfig } from '../../../lib/model/config';
import type { JsonObject } from '../../../lib/model/json';

/** Something that opens or takes connections. */
export interface End {
  /** How the engine calls it. */
  readonly name: string;
  readonly is: 'pod' | 'node' | 'world' | 'ingress' | 'health';
  readonly labels: Readonly<Record<string, string>>;
  readonly space?: string;
  /** The node that it runs on; the endpoints of Cilium itself run on every node. */
  readonly node?: string;
  readonly account?: string;
  readonly address?: string;
  readonly isApiserver?: boolean;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A connection attempt. */
export interface Attempt {
  readonly from: End;
  readonly to: End;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP' | 'ICMP';
  readonly port?: number;
  readonly type?: number;
  readonly http?: Request;
  readonly dns?: string;
  readonly sni?: string;
}

export const SPACES: Readonly<Record<string, Readonly<Record<string, string>>>> = { x: { team: 't' }, y: {}, 'kube-system': {} };

/** What DNS answers. */
export const NAMES: Readonly<Record<string, string>> = { 'api.example': '192.0.2.7', 'a.cdn.example': '192.0.2.8' };

/** The addresses of CIDR groups. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = { inner: ['192.0.2.7/32'], outer: ['192.0.2.0/24'] };

/** The labels of the pods behind the Service of each namespace. */
export const BEHIND: Readonly<Record<string, Readonly<Record<string, string>>>> = { x: { app: 'b' }, y: { app: 'a' } };

/** The port that the containers of every pod call `web`. */
export const WEB = 4;

const pod = (space: string, app: string, node: string, more: Readonly<Record<string, string>> = {}, account = 'default'): End => ({
  name: `${space}/${app}`,
  is: 'pod',
  labels: { app, ...more },
  ...{ space, node, account },
});

const node = (name: string, role: string): End => ({ name: `node:${name}`, is: 'node', labels: { role }, node: name });

export const ENDS: readonly End[] = [
  pod('x', 'a', 'n1', { tier: 'f' }),
  pod('x', 'b', 'n2', {}, 'sa'),
  pod('x', 'c', 'n1'),
  pod('y', 'a', 'n2', { tier: 'f' }, 'sa'),
  pod('y', 'b', 'n1', { tier: 'g' }),
  { ...pod('kube-system', 'dns', 'n2'), labels: { 'k8s-app': 'kube-dns' } },
  node('n1', 'w'),
  node('n2', 'w'),
  { ...node('cp', 'm'), isApiserver: true },
  ...Object.values(NAMES).map((address): End => ({ name: `ip:${address}`, is: 'world', labels: {}, address })),
  { name: 'entity:ingress', is: 'ingress', labels: {} },
  { name: 'entity:health', is: 'health', labels: {} },
];

const REQUESTS: readonly Request[] = [
  { method: 'GET', path: '/a', host: 'h', headers: {} },
  { method: 'POST', path: '/b', host: 'h', headers: { 'X-T': '1' } },
  { method: 'GET', path: '/c', host: 'h', headers: { 'X-T': '2' } },
];

type Kind = Omit<Attempt, 'from' | 'to'>;

const PORTS: readonly Kind[] = [
  ...[4, 5, 6, 7, 53].map((port): Kind => ({ protocol: 'TCP', port })),
  ...[4, 5, 53].map((port): Kind => ({ protocol: 'UDP', port })),
  { protocol: 'SCTP', port: 5 },
  { protocol: 'ICMP', type: 8 },
  { protocol: 'ICMP', type: 3 },
];
const ON_NODES: readonly Kind[] = [22, 6443, 10250].map((port): Kind => ({ protocol: 'TCP', port }));
const ASKED: readonly Kind[] = [
  ...[4, 5].flatMap((port) => REQUESTS.map((http): Kind => ({ protocol: 'TCP', port, http }))),
  ...Object.keys(NAMES).map((sni): Kind => ({ protocol: 'TCP', port: 6, sni })),
];
const LOOK_UPS: readonly Kind[] = [...Object.keys(NAMES), 'other.example'].map((dns): Kind => ({ protocol: 'UDP', port: 53, dns }));

/** Whether policies have a say: not outside of the cluster, and not within one node or one pod. */
function isJudged(from: End, to: End): boolean {
  const isHere = ({ is }: End) => is === 'pod' || is === 'node';
  return from !== to && (isHere(from) || isHere(to));
}

export const ATTEMPTS: readonly Attempt[] = ENDS.flatMap((from) =>
  ENDS.filter((to) => isJudged(from, to)).flatMap((to) => {
    // Up to 1.19 a rule that names the host limits its requests, and only such a rule.
    const isOwnNode = from.is === 'node' && to.is !== 'node' && from.node === (to.node ?? from.node);
    const isResolver = to.space === 'kube-system' && from.is === 'pod';
    return [...PORTS, ...(isOwnNode ? [] : ASKED), ...(to.is === 'node' ? ON_NODES : []), ...(isResolver ? LOOK_UPS : [])].map((kind) => ({
      from,
      to,
      ...kind,
    }));
  }),
);

/** The settings under which everything that the programs say has an effect. */
export const CONFIG: AgentConfig = {
  'enable-host-firewall': 'true',
  'enable-node-selector-labels': 'true',
  'enable-sctp': 'true',
  'routing-mode': 'native',
};

/** The cluster as Kubernetes shows it. */
export const INVENTORY: readonly JsonObject[] = [
  ...Object.entries(SPACES).map(([name, labels]) => ({
    ...{ apiVersion: 'v1', kind: 'Namespace' },
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
  })),
  ...ENDS.flatMap((end, index) => objectsOf(end, index)),
  ...Object.entries(GROUPS).map(([name, externalCIDRs]) => ({
    ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name, labels: { group: name } } },
    spec: { externalCIDRs },
  })),
  ...Object.entries(BEHIND).flatMap(([namespace, selector]) => servicesOf(namespace, selector)),
  {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'default', name: 'kubernetes' } },
    spec: { clusterIP: '10.96.0.1', ports: [{ port: 443, targetPort: 6443 }] },
  },
  {
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
    metadata: { namespace: 'default', name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    endpoints: ENDS.flatMap((end, index) => (end.isApiserver === true ? [{ addresses: [`172.16.0.${index}`] }] : [])),
    ports: [{ port: 6443, protocol: 'TCP' }],
  },
];

function servicesOf(namespace: string, selector: Readonly<Record<string, string>>): JsonObject[] {
  const isBehind = ({ space, labels }: End) => space === namespace && labels.app === selector.app;
  const ports = [{ name: 'p', port: WEB, protocol: 'TCP' }];
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace, name: 's', labels: { of: 's' } },
      spec: { clusterIP: '10.96.1.1', selector, ports },
    },
    {
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4', ports },
      metadata: { namespace, name: 's', labels: { 'kubernetes.io/service-name': 's' } },
      endpoints: ENDS.flatMap((end, index) => (isBehind(end) ? [{ addresses: [`10.0.0.${index}`] }] : [])),
    },
  ];
}

function objectsOf({ is, name, labels, space, node: nodeName, account }: End, index: number): JsonObject[] {
  if (is === 'node') {
    const metadata = { name: nodeName, labels };
    return [{ apiVersion: 'v1', kind: 'Node', metadata, status: { addresses: [{ type: 'InternalIP', address: `172.16.0.${index}` }] } }];
  }
  const containers = [{ name: 'c', image: 'i', ports: [{ name: 'web', containerPort: WEB }] }];
  const spec = { nodeName, serviceAccountName: account, containers };
  const metadata = { namespace: space, name: name.split('/')[1], labels };
  return is === 'pod' ? [{ apiVersion: 'v1', kind: 'Pod', metadata, spec, status: { podIP: `10.0.0.${index}`, phase: 'Running' } }] : [];
}
