/** Small worlds, exhaustively: the fast engine and the matrix say of all flows between their ends what the specification says. */
import type { Minor } from '../../lib/crd/minor';
import { MINORS } from '../../lib/crd/minor';
import type { AgentConfig } from '../../lib/model/config';
import type { Side, Verdict, WrittenEnd } from '../../lib/model/flow';
import type { JsonObject } from '../../lib/model/json';
import type { Protocol } from '../../lib/model/policy';
import { expectParsed, Parsed } from '../../lib/net/parsed';
import { FastEngine } from '../../lib/reach/engine';
import { Matrix } from '../../lib/reach/matrix';
import { isUsed } from '../../lib/reach/traffic';
import { UniverseEnd, universeOf } from '../../lib/reach/universe/universe';
import { parseFlow } from '../../lib/read/flow';
import { endOf } from '../../lib/resolve/ends';
import { clusterOf, policiesIn } from '../support/world-engine';

interface Small {
  readonly specs: readonly JsonObject[];
  readonly objects?: readonly JsonObject[];
  readonly config?: AgentConfig;
  readonly names?: Readonly<Record<string, readonly string[]>>;
}

const app = (name: string): JsonObject => ({ matchLabels: { app: name } });
const A = { endpointSelector: app('a') };
const B = { endpointSelector: app('b') };
const port = (number: number | string, endPort?: number, protocol = 'TCP'): JsonObject => ({ port: String(number), endPort, protocol });
const on = (ports: readonly JsonObject[], layer7: JsonObject = {}): JsonObject => ({ toPorts: [{ ports, ...layer7 }] });
const HTTP = { rules: { http: [{ method: 'GET' }] } };
const POD = (name: string, labels: JsonObject, spec: JsonObject, ip: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x', labels },
  spec: { containers: [], ...spec },
  status: { podIPs: [{ ip }] },
});
const NODE = (name: string, labels: JsonObject, address: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  status: { addresses: [{ type: 'InternalIP', address }] },
});
const NODES = [NODE('n', { zone: 'a' }, '192.168.0.1'), NODE('m', { zone: 'b' }, '192.168.0.2')];
const WITH_PORT = (number: number) => ({ containers: [{ ports: [{ name: 'web', containerPort: number }] }] });
const SERVICE = (spec: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's', namespace: 'x' },
  spec: { clusterIP: '10.96.0.1', selector: { app: 'a' }, ...spec },
});
const LOCAL_REDIRECT: JsonObject = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumLocalRedirectPolicy',
  metadata: { name: 'r', namespace: 'x' },
  spec: {
    redirectFrontend: { addressMatcher: { ip: '192.0.2.1', toPorts: [{ port: '80', protocol: 'TCP' }] } },
    redirectBackend: { localEndpointSelector: app('a'), toPorts: [{ port: '8080', protocol: 'TCP' }] },
  },
};
const FIREWALL = { 'enable-host-firewall': 'true', 'enable-node-selector-labels': 'true' };
const DNS = {
  toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system' } }],
  ...on([port(53, undefined, 'ANY')], { rules: { dns: [{ matchPattern: '*' }] } }),
};

const SECURED = { authentication: { mode: 'required' } };
const OF_TEAM: JsonObject = { matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': 'q' } };

const LISTENER = { listener: { envoyConfig: { kind: 'CiliumClusterwideEnvoyConfig', name: 'e' }, name: 'l' } };
const CILIUM_NODE: JsonObject = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNode',
  metadata: { name: 'n' },
  spec: {
    addresses: [
      { type: 'InternalIP', ip: '192.168.0.1' },
      { type: 'CiliumInternalIP', ip: '10.0.0.254' },
    ],
  },
};

const WORLDS: Readonly<Record<string, Small>> = {
  'ranges of ports': {
    specs: [
      { ...A, ingress: [{ fromEndpoints: [app('d')], ...on([port(90)]) }] },
      { ...A, ingress: [{ fromEndpoints: [app('b')], ...on([port(80, 90), port(85), port(7, 81)]) }, { fromEndpoints: [app('c')] }] },
      { ...A, ingressDeny: [{ fromEndpoints: [app('b')], ...on([port(83, 84), port(79, undefined, 'UDP')]) }] },
      { ...A, ingress: [{ fromEndpoints: [app('b')], ...on([port(6, 99)]) }] },
      { ...A, ingress: [{ fromEndpoints: [app('e')], ...on([port(80, 90)]) }] },
      { ...B, egress: [on([port(0, undefined, 'UDP'), port(443, 65_535)]), { toEndpoints: [app('a')], ...on([port(81), port(80)]) }] },
      { endpointSelector: app('e'), egress: [on([port(0, 83)])] },
    ],
    objects: [POD('a', { app: 'a' }, {}, '10.0.0.1'), POD('b', { app: 'b' }, {}, '10.0.0.2')],
  },
  'names of ports': {
    specs: [
      {
        ...A,
        ingress: [
          { fromEndpoints: [{}], ...on([port('web')]) },
          { fromEntities: ['world'], ...on([port('missing')]) },
        ],
      },
      {
        ...B,
        egress: [
          { toEndpoints: [app('a')], ...on([port('web')]) },
          { toEndpoints: [app('c')], ...on([port('missing')]) },
        ],
      },
    ],
    objects: [
      POD('a1', { app: 'a' }, WITH_PORT(80), '10.0.0.1'),
      POD('a2', { app: 'a' }, WITH_PORT(81), '10.0.0.2'),
      POD('b', { app: 'b' }, {}, '10.0.0.3'),
    ],
  },
  'names of ports that all pods agree on': {
    specs: [
      { ...B, egress: [{ toEndpoints: [app('a')], ...on([port('web')]) }] },
      { ...A, ingress: [{ fromEndpoints: [app('b')], ...on([port('web')]) }] },
    ],
    objects: [POD('a1', { app: 'a' }, WITH_PORT(80), '10.0.0.1'), POD('b', { app: 'b' }, WITH_PORT(80), '10.0.0.3')],
  },
  'many peers of one rule': {
    specs: [
      { ...A, ingress: [{ fromEndpoints: ['c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'].map(app), ...on([port(80)]) }] },
      { ...B, ingress: [{ fromEndpoints: ['c', 'd', 'e', 'f', 'g', 'h', 'i', 'k'].map(app) }] },
    ],
    config: {},
  },
  'addresses with exceptions': {
    specs: [
      { ...A, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] }, { toCIDR: ['10.1.2.0/24'], ...on([port(443)]) }] },
      { ...B, egressDeny: [{ toCIDR: ['10.1.2.3/32'] }], enableDefaultDeny: { egress: false } },
      { ...B, ingress: [{ fromEntities: ['world'] }, { fromCIDR: ['::/0'] }] },
    ],
    config: { 'enable-ipv6': 'true' },
  },
  requests: {
    specs: [
      { ...B, ingress: [{ fromEndpoints: [app('c')], ...on([port(80)], HTTP) }] },
      {
        ...A,
        ingress: [
          { fromEndpoints: [app('b')], ...on([port(80)], HTTP) },
          { fromEntities: ['host', 'world'], ...on([port(80)]) },
        ],
      },
      { ...A, ingress: [on([port(81)], HTTP)], enableDefaultDeny: { ingress: false } },
      {
        ...B,
        egress: [
          { toEndpoints: [app('a')], ...on([port(80)], HTTP) },
          { toEntities: ['world'], ...on([port(443)], { serverNames: ['a.example'] }) },
        ],
      },
    ],
  },
  'what is only audited': {
    specs: [{ ...A, ingress: [{ fromEndpoints: [app('b')], ...on([port(80)]) }] }],
    config: { 'policy-audit-mode': 'true' },
  },
  'types of ICMP': {
    specs: [
      { ...A, ingress: [{ icmps: [{ fields: [{ family: 'IPv4', type: 8 }] }] }] },
      {
        ...B,
        egress: [
          {
            toEndpoints: [app('a')],
            icmps: [
              {
                fields: [
                  { family: 'IPv4', type: 0 },
                  { family: 'IPv6', type: 128 },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
  'nodes with policies': {
    specs: [
      {
        nodeSelector: { matchLabels: { zone: 'a' } },
        ingress: [{ fromEntities: ['cluster'], ...on([port(80)]) }, { fromNodes: [{ matchLabels: { zone: 'b' } }] }],
      },
      { ...A, ingress: [{ fromEntities: ['remote-node'] }], egress: [{ toEntities: ['host'], ...on([port(443)]) }] },
      { ...B, ingress: [{ fromEntities: ['host'], ...on([port(80)]) }] },
    ],
    objects: [
      ...NODES,
      POD('a', { app: 'a' }, { nodeName: 'n' }, '10.0.0.1'),
      POD('b', { app: 'b' }, { nodeName: 'm' }, '10.0.0.2'),
      POD('c', { app: 'b' }, {}, '10.0.0.3'),
    ],
    config: FIREWALL,
  },
  'nodes that policies do not tell apart': {
    specs: [
      { nodeSelector: {}, ingress: [{ fromEntities: ['health'] }, { fromEntities: ['remote-node'], ...on([port(80)]) }] },
      { ...A, ingress: [{ fromEntities: ['host'] }] },
    ],
    objects: [...NODES, POD('a', { app: 'a' }, { nodeName: 'n' }, '10.0.0.1')],
    config: { 'enable-host-firewall': 'true' },
  },
  'the ports of nodes that lead elsewhere': {
    specs: [
      { ...A, ingress: [{ fromEndpoints: [app('b')], ...on([port(8080), port(81)]) }] },
      { ...B, egress: [{ toEntities: ['cluster'], ...on([port(8080)]) }] },
    ],
    objects: [
      ...NODES,
      POD('a', { app: 'a' }, { nodeName: 'n', containers: [{ ports: [{ containerPort: 81, hostPort: 82 }] }] }, '10.0.0.1'),
      POD('b', { app: 'b' }, { nodeName: 'm' }, '10.0.0.2'),
      SERVICE({ type: 'NodePort', ports: [{ port: 80, targetPort: 8080, nodePort: 30_080 }] }),
    ],
  },
  'the port of a node that leads to a pod': {
    specs: [
      { ...A, ingress: [{ fromEndpoints: [app('b')], ...on([port(81)]) }] },
      { ...B, egress: [{ toEntities: ['cluster'], ...on([port(81)]) }] },
    ],
    objects: [
      ...NODES,
      POD('a', { app: 'a' }, { nodeName: 'n', containers: [{ ports: [{ containerPort: 81, hostPort: 82 }] }] }, '10.0.0.1'),
      POD('b', { app: 'b' }, { nodeName: 'n' }, '10.0.0.2'),
    ],
    config: { 'kube-proxy-replacement': 'true' },
  },
  'the address of a Service': {
    specs: [
      { ...A, ingress: [{ fromEndpoints: [app('b')], ...on([port(8080)]) }] },
      { ...B, egress: [{ toEndpoints: [app('a')], ...on([port(8080)]) }] },
    ],
    objects: [
      POD('a', { app: 'a' }, {}, '10.0.0.1'),
      POD('b', { app: 'b' }, {}, '10.0.0.2'),
      SERVICE({ ports: [{ port: 80, targetPort: 8080 }] }),
    ],
  },
  'an address that leads to a pod on the own node': {
    specs: [
      { ...B, egress: [{ toCIDR: ['192.0.2.1/32'] }] },
      { ...A, ingress: [{ fromEndpoints: [app('b')], ...on([port(8080)]) }] },
    ],
    objects: [
      ...NODES,
      POD('a', { app: 'a' }, { nodeName: 'n' }, '10.0.0.1'),
      POD('b', { app: 'b' }, { nodeName: 'n' }, '10.0.0.2'),
      LOCAL_REDIRECT,
    ],
    config: { 'enable-local-redirect-policy': 'true' },
  },
  'names and look-ups': {
    specs: [
      { ...A, egress: [DNS, { toFQDNs: [{ matchPattern: '*.example' }], ...on([port(443)]) }] },
      {
        ...B,
        egress: [
          { toFQDNs: [{ matchName: 'a.example' }], ...on([port(443)]) },
          { toEntities: ['world'], ...on([port(80)]) },
        ],
      },
    ],
    names: { 'a.example': ['192.0.2.1'], 'b.example': ['192.0.2.2'] },
  },
  'names without addresses': {
    specs: [
      { endpointSelector: app('c'), egress: [{ toEntities: ['world'], ...on([port(80)]) }] },
      {
        endpointSelector: app('d'),
        egress: [{ toFQDNs: [{ matchName: 'a.example' }] }, { toEntities: ['world'], authentication: { mode: 'required' } }],
      },
      { ...A, egress: [DNS, { toFQDNs: [{ matchPattern: '*.example' }], ...on([port(443), port(0, undefined, 'UDP')]) }] },
      { ...A, egress: [{ toCIDR: ['0.0.0.0/0'], ...on([port(80)]) }] },
      { ...B, egress: [{ toFQDNs: [{ matchName: 'a.example' }] }] },
    ],
  },
  'names without addresses, where IPv4 is off': {
    specs: [
      { ...A, egress: [DNS, { toFQDNs: [{ matchPattern: '*.example' }], ...on([port(443)]) }] },
      { ...B, egress: [{ toEntities: ['world'], ...on([port(80)]) }] },
    ],
    config: { 'enable-ipv4': 'false', 'enable-ipv6': 'true' },
  },
  'rules that only the specification knows': {
    specs: [
      {
        ...A,
        ingress: [
          { fromEndpoints: [app('b')], ...on([port(80)], HTTP) },
          { fromEndpoints: [OF_TEAM], ...on([port(65_535), port(81)]) },
          { fromEndpoints: [OF_TEAM], icmps: [{ fields: [{ family: 'IPv4', type: 1 }] }] },
          { fromEndpoints: [app('c')], icmps: [{ fields: [{ family: 'IPv4', type: 8 }] }], ...SECURED },
        ],
        egress: [{ toEndpoints: [OF_TEAM] }],
      },
      { ...B, egress: [{ toEndpoints: [app('a')], ...on([port(80, 90)]), ...SECURED }] },
    ],
  },
  'subjects that do not have a label': {
    specs: [
      {
        endpointSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] },
        ingress: [{ fromEndpoints: [app('b')], ...on([port(80)]) }],
      },
      {
        endpointSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] },
        egress: [{ toEndpoints: [app('c')] }],
      },
    ],
  },
  'two proxies for one peer': {
    specs: [
      {
        ...B,
        egress: [
          { toEndpoints: [app('a')], ...on([port(80)], HTTP) },
          { toEndpoints: [{}], ...on([port(80)], LISTENER) },
        ],
      },
      {
        ...A,
        egress: [
          { toEndpoints: [{}], ...on([port(80)], LISTENER) },
          { toEndpoints: [app('b')], ...on([port(80)], HTTP) },
        ],
      },
    ],
  },
  'nodes that connect from a tunnel': {
    specs: [{ ...A, ingress: [{ fromCIDR: ['192.168.0.0/24'] }] }],
    objects: [...NODES, CILIUM_NODE],
    config: { 'routing-mode': 'tunnel', 'policy-cidr-match-mode': 'nodes' },
  },
  'a pattern that Envoy refuses': {
    specs: [
      {
        ...A,
        ingress: [{ fromEndpoints: [app('b')], ...on([port(80)], { rules: { http: [{ host: '*.example' }] } }) }],
        egress: [{ toEndpoints: [app('b')], ...on([port(81)], HTTP) }],
      },
    ],
  },
};

const WRITTEN = [
  'labels:app=a@x',
  'labels:app=b@x',
  'labels:app=c@x',
  'labels:app=e@x',
  'ip:10.1.2.3',
  'ip:127.0.0.1',
  'ip:10.96.0.1',
  'ip:192.168.0.1',
  'ip:10.0.0.1',
  'ip:192.0.2.1',
  'fqdn:a.example',
  'entity:world',
  'entity:host',
  'entity:remote-node',
  'entity:kube-apiserver',
  'x/a',
  'x/a1',
  'x/b',
  'node:n',
  'node:m',
];
const PORTS = [1, 80, 81, 82, 84, 90, 443, 8080];

const ASKED = [...PORTS.map((port) => ['TCP', port] as const), ['UDP', 80] as const, ['ICMP', 8] as const];
const WITH_NAMED_PORT: WrittenEnd = {
  ...{ is: 'labels', labels: { app: 'a' }, namespace: 'x', serviceAccount: '' },
  ports: [{ name: 'web', protocol: 'TCP', number: 84 }],
};

function engineOver({ specs, objects = [], config = {}, names = {} }: Small, minor: Minor, learns: boolean): FastEngine {
  const policies = specs.map((spec, i): JsonObject => {
    const isOfNodes = spec.nodeSelector !== undefined;
    return {
      apiVersion: 'cilium.io/v2',
      kind: isOfNodes ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy',
      metadata: { name: `p${i}`, ...(!isOfNodes && { namespace: 'x' }) },
      spec,
    };
  });
  const { inventory, agent } = clusterOf({ objects, config, names }, minor)!;
  const accepted = policiesIn(policies, minor, config);
  expect(accepted.length).toBe(policies.length);
  return new FastEngine(accepted, inventory, agent, learns);
}

/** Types of ICMP, and some ports. */
function portsOf(protocol: Protocol): readonly number[] {
  return protocol === 'TCP' ? [...PORTS, 83, 30_080, 65_535] : protocol === 'UDP' ? [1, 80, 443] : [0, 8, 128];
}

/** Minors differ in ranges and names of ports, and in requests of the own node. */
const CASES = Object.keys(WORLDS).flatMap((name) =>
  (/^(ranges|names of ports)|requests/.test(name) ? MINORS : (['1.20'] as const)).map((minor) => [name, minor] as const),
);

test.each(CASES)('the fast engine says of every flow what the specification says: %s, in %s', (name, minor) => {
  const [plain, decided] = [1, 2].map(() => engineOver(WORLDS[name], minor, true));
  const ends = [...WRITTEN.map((end) => expectParsed(parseFlow({ from: end, to: 'x/a', port: 1 })).from), WITH_NAMED_PORT];
  const known = ends.filter((end) => endOf(end, plain.resolver.cluster).ok);
  const pairs = known.flatMap((from) => known.map((to) => [from, to] as const));
  // What is asked of a table first must not change what it says later.
  pairs.forEach(([from, to]) => decided.decisions('ingress', decided.endpoint(to)!, decided.endpoint(from)!));
  const wrong = pairs.flatMap(([from, to]) =>
    ASKED.flatMap(([protocol, port]) => {
      const flow = { from, to, protocol, port };
      const expected = textOf(plain.specification.verdict(flow));
      // Tables are packed when they are asked again.
      const said = [plain, plain, decided].map((engine) => textOf(engine.verdict(flow)));
      return said.every((one) => one === expected) ? [] : [{ flow, said, expected }];
    }),
  );
  expect(wrong.slice(0, 1)).toEqual([]);
});

/** The decisions of both sides with their rules, by policy, as a text to compare. */
function textOf(verdict: Parsed<Verdict>): string {
  const ofSide = (side: Side) => {
    const { decision, reason, redirect, because = [] } = side as Partial<Extract<Side, { decision: 'allowed' }>>;
    return [decision, reason, redirect, ...because.map(({ policy }) => policy.name)].join(' ');
  };
  return verdict.ok ? `${verdict.value.allowed}: ${ofSide(verdict.value.egress)}, ${ofSide(verdict.value.ingress)}` : verdict.problem;
}

test.each(CASES)('the matrix says of every pair of ends what the specification says: %s, in %s', (name, minor) => {
  const engine = engineOver(WORLDS[name], minor, true);
  const { ends } = expectParsed(universeOf([engine], { mostPossible: 20 }));
  const matrix = new Matrix(engine, ends);
  const used = (['TCP', 'UDP', 'ICMP', 'ICMPv6'] as const).filter((protocol) => isUsed(protocol, engine.resolver.agent));
  const pairs = ends.flatMap((one, i) => ends.map((other, k) => ({ ...apart(one, other, engine), i, k })));
  const asked = pairs.filter(({ from }) => from.is !== 'fqdn');
  const flows = asked.flatMap((pair) => used.flatMap((protocol) => portsOf(protocol).map((port) => ({ ...pair, protocol, port }))));
  const wrong = flows.flatMap(({ i, k, ...flow }) => {
    const { protocol, port } = flow;
    const verdict = engine.specification.verdict(flow);
    const isDenied = !verdict.ok || verdict.value.allowed === false;
    const expected = isDenied ? 'denied' : verdict.value.allowed === true ? 'allowed' : 'unknown';
    const { passages } = matrix.traffic(i, k);
    const said = passages.find((one) => one.protocol === protocol && one.first <= port && port <= one.last)?.is ?? 'denied';
    return said === expected ? [] : [{ flow, said, expected }];
  });
  expect(wrong.slice(0, 3)).toEqual([]);
});

/** Another end of the same kind: nothing is asked of what a pod or a node says to itself. */
function another({ is, written, members }: UniverseEnd, { resolver: { cluster } }: FastEngine): WrittenEnd {
  const pod = written.is === 'pod' ? cluster.inventory.pods.get(written.name) : undefined;
  if (pod !== undefined) {
    const { labels, namespace, serviceAccount, ports } = pod;
    return { is: 'labels', labels, namespace, serviceAccount, ports };
  }
  return is === 'nodes' && members.length > 1 ? { is: 'node', name: members[1] } : written;
}

/** The ends of a flow between two kinds of ends: the own node of a pod is the entity `host` to it, and nodes by name are others. */
function apart(one: UniverseEnd, other: UniverseEnd, engine: FastEngine): { readonly from: WrittenEnd; readonly to: WrittenEnd } {
  const nodeOf = ({ written }: UniverseEnd) =>
    written.is === 'pod' ? engine.resolver.cluster.inventory.pods.get(written.name)?.node : undefined;
  const isOn = (pod: UniverseEnd, { written }: UniverseEnd) => written.is === 'node' && nodeOf(pod) === written.name;
  return {
    from: isOn(one, other) ? another(one, engine) : one.written,
    to: one === other || isOn(other, one) ? another(other, engine) : other.written,
  };
}
