/** A small cluster, and what Cilium decides in it once the policies of a program are applied. */
import { App, Chart, Testing } from 'cdk8s';
import { compileObjects, Engine, MINORS, Minor, WrittenFlow } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

const NAMESPACES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'kube-system': {},
  'openshift-dns': {},
  monitoring: {},
  ingress: {},
  platform: {},
  data: {},
  shop: { 'tenant-id': '001' },
  green: { 'tenant-id': '001' },
  red: { 'tenant-id': '002' },
  both: { 'tenant-id': '001', team: 'x' },
  teamx: { team: 'x' },
  infra: { role: 'infrastructure' },
  infra2: { role: 'infrastructure' },
};

/** The node `cp` runs the API server; pods without a node of their own are on `n1`. */
const NODES: Readonly<Record<string, string>> = { n1: '172.16.0.1', n2: '172.16.0.2', cp: '172.16.0.3' };

/** The addresses that DNS returns. */
const NAMES = {
  'api.example.com': ['192.0.2.7'],
  'other.example.com': ['192.0.2.7'],
  'a.cdn.example.com': ['192.0.2.8'],
  'cdn.example.com': ['192.0.2.9'],
  'a.b.cdn.example.com': ['192.0.2.10'],
  'evil.example': ['203.0.113.66'],
};

function pod(
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  ip: string,
  node = 'n1',
  hostNetwork = false,
): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { nodeName: node, hostNetwork, containers: [{ name: 'c', image: 'i', ports: [{ name: 'web', containerPort: 8080 }] }] },
    status: { podIP: ip, phase: 'Running' },
  };
}

const INVENTORY: readonly JsonObject[] = [
  ...Object.entries(NAMESPACES).map(([name, labels]) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
  })),
  ...Object.entries(NODES).map(([name, address]) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { [`node-role.kubernetes.io/${name === 'cp' ? 'control-plane' : 'worker'}`]: '' } },
    status: { addresses: [{ type: 'InternalIP', address }] },
  })),
  ...Object.keys(NAMESPACES)
    .filter((namespace) => namespace !== 'kube-system' && namespace !== 'openshift-dns')
    .flatMap((namespace, i) => ['web', 'api', 'db'].map((app, j) => pod(namespace, app, { app }, `10.0.1.${10 * i + j + 1}`))),
  pod('kube-system', 'dns', { 'k8s-app': 'kube-dns' }, '10.0.0.53', 'n2'),
  pod('kube-system', 'cache', { 'k8s-app': 'node-local-dns' }, '10.0.0.54'),
  pod('kube-system', 'other', { app: 'other' }, '10.0.0.55'),
  pod('openshift-dns', 'dns', { app: 'dns' }, '10.0.0.56', 'n2'),
  pod('monitoring', 'agent', { app: 'agent' }, NODES.n1, 'n1', true),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'default', name: 'kubernetes' },
    spec: { clusterIP: '10.96.0.1', ports: [{ port: 443, targetPort: 6443 }] },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'default', name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [NODES.cp] }],
    ports: [{ port: 6443, protocol: 'TCP' }],
  },
];

export { MINORS };

/** Creates policies: in the app, or in an app of its own that it returns. */
export type Program = (app: App, chart: Chart) => App | void;

/** What each minor decides for a flow. */
export type Decisions = Readonly<Record<Minor, string>>;

const engines = new Map<Program, Readonly<Record<Minor, Engine>>>();

/** The engines of a program; compiled once. Throws if a policy is rejected, because it would have no effect. */
function enginesOf(program: Program): Readonly<Record<Minor, Engine>> {
  const known = engines.get(program) ?? compiled(program);
  engines.set(program, known);
  return known;
}

function compiled(program: Program): Readonly<Record<Minor, Engine>> {
  const given = new App();
  const app = program(given, new Chart(given, 'chart')) ?? given;
  const made = app.charts.flatMap((chart) => Testing.synth(chart) as JsonObject[]);
  const of = (cilium: Minor) => {
    const engine = compileObjects([...made, ...INVENTORY], { cilium, names: NAMES, config: { 'enable-host-firewall': 'true' } });
    if (engine.refused.length > 0) {
      throw new Error(engine.refused.join('\n'));
    }
    return engine;
  };
  return Object.fromEntries(MINORS.map((minor) => [minor, of(minor)])) as Record<Minor, Engine>;
}

/**
 * What Cilium decides for a flow, in each minor.
 *
 * A flow is written as `shop/web > data/db 5432`, with `53/UDP`, `ping` or `ping6` for a port, and then `GET /path`, `dns:name` or `sni:name` if there
 * is a request.
 */
export function decide(program: Program, written: string): Decisions {
  const flow = parse(written);
  const decisions = Object.entries(enginesOf(program)).map(([minor, engine]) => {
    const { allowed, http, dns, sni } = engine.verdict(flow);
    const request = http ?? dns ?? sni;
    return [minor, allowed === null ? 'unknown' : allowed ? (request ?? 'allowed') : 'denied'];
  });
  return Object.fromEntries(decisions) as Decisions;
}

function parse(written: string): WrittenFlow {
  const [from, , to, traffic, ...request] = written.split(' ');
  const [port, protocol = 'TCP'] = traffic.split('/');
  const [first = '', path] = request;
  return {
    from,
    to,
    ...(traffic.startsWith('ping')
      ? { type: 'EchoRequest', protocol: traffic === 'ping' ? 'ICMP' : 'ICMPv6' }
      : { port: Number(port), protocol }),
    ...(path !== undefined && { http: { method: first, path } }),
    ...(first.startsWith('dns:') && { dns: first.slice(4) }),
    ...(first.startsWith('sni:') && { sni: first.slice(4) }),
  };
}
