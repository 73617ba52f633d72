/** Flows to Services: where they lead to before policy is asked, per minor and configuration. */
import { verdictReply } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';
import { MINORS } from '../support/vectors/minors';

type Config = Readonly<Record<string, string>>;

const KPR = { 'kube-proxy-replacement': 'true' };
const NATIVE = { ...KPR, 'routing-mode': 'native' };

function pod(name: string, node: string, ip: string, labels: JsonObject): JsonObject {
  const spec = { nodeName: node, containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 9090 }] }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name, labels }, spec, status: { podIP: ip } };
}

function node(name: string, address: string): JsonObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { addresses: [{ type: 'InternalIP', address }] } };
}

function service(spec: JsonObject, metadata: JsonObject = {}, status: JsonObject = {}): JsonObject {
  const ports = [{ port: 80, targetPort: 9090, nodePort: 30080 }];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'web', ...metadata },
    spec: { clusterIP: '10.96.0.5', selector: { app: 'web' }, ports, ...spec },
    status,
  };
}

function policy(name: string, spec: JsonObject): JsonObject {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { namespace: 'shop', name }, spec };
}

/** The client `a` may go out to the world only; `web` on two nodes takes 9090 from `a`, and `b` may reach `web` only. */
const CLUSTER = [
  node('n1', '192.168.1.1'),
  node('n2', '192.168.1.2'),
  pod('a', 'n1', '10.0.1.5', { app: 'a' }),
  pod('b', 'n1', '10.0.1.6', { app: 'b' }),
  pod('web-1', 'n1', '10.0.1.7', { app: 'web' }),
  pod('web-2', 'n2', '10.0.2.7', { app: 'web' }),
  policy('a', { endpointSelector: { matchLabels: { app: 'a' } }, egress: [{ toEntities: ['world'] }] }),
  policy('b', { endpointSelector: { matchLabels: { app: 'b' } }, egress: [{ toEndpoints: [{ matchLabels: { app: 'web' } }] }] }),
];

const BALANCED = service(
  { type: 'LoadBalancer', externalIPs: ['203.0.113.9'] },
  {},
  { loadBalancer: { ingress: [{ ip: '203.0.113.80' }] } },
);

/** Both sides in 1.18, 1.19 and 1.20, or once if they agree. */
function sides(from: string, to: string, port: number, objects: readonly JsonObject[], config: Config = {}, protocol = 'TCP'): unknown {
  const texts = MINORS.map((cilium) => {
    const reply = verdictReply({ cilium, objects: [...CLUSTER, ...objects], flows: [{ from, to, port, protocol }], config });
    const [one] = reply.ok ? (reply.value.answers ?? []) : [];
    return one === undefined ? reply : 'error' in one ? one.error : `${one.egress.decision}, ${one.ingress.decision}`;
  });
  return new Set(texts).size === 1 ? texts[0] : texts;
}

test.each<[string, string, number, Config, unknown]>([
  ['a', 'ip:10.96.0.5', 80, {}, 'denied, allowed'],
  ['b', 'ip:10.96.0.5', 80, {}, 'allowed, allowed'],
  // External IPs: in 1.18 kube-proxy translates them, so the policy of the source sees the address.
  ['a', 'ip:203.0.113.9', 80, {}, ['allowed, unknown', 'denied, allowed', 'denied, allowed']],
  ['b', 'ip:203.0.113.9', 80, {}, ['denied, unknown', 'allowed, allowed', 'allowed, allowed']],
  // A client may not be led to a Service by the address of others: where sockets are translated, the policy of the source sees the address.
  ['a', 'ip:203.0.113.9', 80, KPR, 'allowed, unknown'],
  ['b', 'ip:203.0.113.9', 80, KPR, 'denied, unknown'],
  ['b', 'ip:203.0.113.9', 80, { ...KPR, 'disable-external-ip-mitigation': 'true' }, 'allowed, allowed'],
  ['b', 'ip:203.0.113.9', 80, { ...KPR, 'bpf-lb-sock-hostns-only': 'true' }, 'allowed, allowed'],
  ['b', 'ip:192.168.1.2', 30080, { ...KPR, 'bpf-lb-sock-hostns-only': 'true' }, ['denied, unknown', 'denied, unknown', 'allowed, allowed']],
  ['b', 'ip:192.168.1.1', 30080, { ...KPR, 'bpf-lb-sock-hostns-only': 'true' }, 'allowed, allowed'],
  // Load balancers and node ports are kube-proxy's unless Cilium replaces it.
  ['a', 'ip:203.0.113.80', 80, {}, 'allowed, unknown'],
  ['b', 'ip:203.0.113.80', 80, {}, 'denied, unknown'],
  ['a', 'ip:203.0.113.80', 80, KPR, 'denied, allowed'],
  ['b', 'ip:203.0.113.80', 80, KPR, 'allowed, allowed'],
  ['a', 'ip:192.168.1.2', 30080, {}, 'denied, unknown'],
  ['b', 'ip:192.168.1.2', 30080, KPR, 'allowed, allowed'],
  ['b', 'node:n2', 30080, KPR, 'allowed, allowed'],
  // Another port is the address itself.
  ['a', 'ip:203.0.113.9', 443, KPR, 'allowed, n/a'],
  ['a', 'ip:192.168.1.2', 30081, KPR, 'denied, n/a'],
  ['a', 'ip:10.96.0.5', 443, KPR, 'to: service `shop/web` has no port 443/TCP; it has 80/TCP'],
])('from %s to %s port %i with %j: %j', (from, to, port, config, expected) => {
  expect(sides(`shop/${from}`, to, port, [BALANCED], config)).toEqual(expected);
});

test('an annotation leaves one type of a Service', () => {
  const only = (type: string) => ({
    ...BALANCED,
    metadata: { namespace: 'shop', name: 'web', annotations: { 'service.cilium.io/type': type } },
  });

  expect(sides('shop/a', 'ip:10.96.0.5', 80, [only('LoadBalancer')], KPR)).toBe('allowed, n/a');
  expect(sides('shop/b', 'ip:192.168.1.2', 30080, [only('LoadBalancer')], KPR)).toBe('denied, n/a');
  expect(sides('shop/b', 'ip:203.0.113.80', 80, [only('LoadBalancer')], KPR)).toBe('allowed, allowed');
  expect(sides('shop/b', 'ip:192.168.1.2', 30080, [only('NodePort')], KPR)).toBe('allowed, allowed');
  expect(sides('shop/a', 'ip:203.0.113.80', 80, [only('NodePort')], KPR)).toBe('allowed, n/a');
  expect(sides('shop/b', 'ip:10.96.0.5', 80, [only('ClusterIP')], KPR)).toBe('allowed, allowed');
  expect(sides('shop/b', 'ip:10.96.0.5', 80, [only('ExternalName')], KPR)).toBe('allowed, allowed');
});

test('Services share the address of a load balancer, each with its ports', () => {
  const second = {
    ...BALANCED,
    metadata: { namespace: 'shop', name: 'second' },
    spec: { type: 'LoadBalancer', clusterIP: '10.96.0.6', selector: { app: 'b' }, ports: [{ port: 443, targetPort: 9090 }] },
  };

  for (const objects of [
    [BALANCED, second],
    [second, BALANCED],
  ]) {
    expect(sides('shop/b', 'ip:203.0.113.80', 80, objects, KPR)).toBe('allowed, allowed');
    expect(sides('shop/a', 'ip:203.0.113.80', 443, objects, KPR)).toBe('denied, allowed');
    expect(sides('shop/a', 'ip:203.0.113.80', 8443, objects, KPR)).toBe('allowed, n/a');
  }
});

test('nothing translates the port of a headless Service', () => {
  const headless = service({ clusterIP: 'None', clusterIPs: ['None'] });
  const closed = policy('web', {
    endpointSelector: { matchLabels: { app: 'web' } },
    ingress: [{ toPorts: [{ ports: [{ port: '9090', protocol: 'TCP' }] }] }],
  });

  expect(sides('shop/b', 'service:shop/web', 80, [headless, closed])).toBe('allowed, denied');
  expect(sides('shop/b', 'service:shop/web', 9090, [headless, closed])).toBe('allowed, allowed');
});

test('Cilium does not know the Service of another proxy', () => {
  const other = service({}, { labels: { 'service.kubernetes.io/service-proxy-name': 'other' } });
  const toService = policy('c', {
    endpointSelector: { matchLabels: { app: 'c' } },
    egress: [{ toServices: [{ k8sService: { serviceName: 'web', namespace: 'shop' } }] }],
  });
  const c = pod('c', 'n1', '10.0.1.8', { app: 'c' });

  expect(sides('shop/a', 'ip:10.96.0.5', 80, [other])).toBe('allowed, unknown');
  expect(sides('shop/c', 'shop/web-1', 9090, [other, toService, c])).toBe('denied, allowed');
  expect(sides('shop/c', 'shop/web-1', 9090, [other, toService, c], { 'k8s-service-proxy-name': 'other' })).toBe('allowed, allowed');
});

describe('a traffic policy', () => {
  /** Of the two pods, only the one on n2 takes packets from the world. */
  const second = pod('web-2', 'n2', '10.0.2.7', { app: 'web', open: 'yes' });
  const onlySecond = policy('web', {
    endpointSelector: { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'open', operator: 'DoesNotExist' }] },
    ingress: [{ fromEntities: ['remote-node'] }],
  });

  test('of inside asks the backends on the node of the client only', () => {
    const objects = [second, onlySecond];
    expect(sides('shop/b', 'ip:10.96.0.5', 80, [...objects, service({})])).toBe('allowed, unknown');
    expect(sides('shop/b', 'ip:10.96.0.5', 80, [...objects, service({ internalTrafficPolicy: 'Local' })])).toBe('allowed, denied');
    const elsewhere = service({ internalTrafficPolicy: 'Local', selector: { open: 'yes' } });
    expect(sides('shop/b', 'ip:10.96.0.5', 80, [...objects, elsewhere])).toBe(
      'to: service `shop/web` has no backend on node `n1`; its `internalTrafficPolicy` is `Local`',
    );
  });

  test('of outside decides whether a node hides the source', () => {
    const open = policy('web', { endpointSelector: { matchLabels: { app: 'web' } }, ingress: [{ fromEntities: ['world'] }] });
    const balanced = (spec: JsonObject) => [open, { ...BALANCED, spec: { ...(BALANCED['spec'] as JsonObject), ...spec } }];
    expect(sides('ip:198.51.100.7', 'ip:203.0.113.80', 80, balanced({}), NATIVE)).toBe('n/a, unknown');
    // The tunnel says of the packet that it is of the world, and not of which address.
    expect(sides('ip:198.51.100.7', 'ip:203.0.113.80', 80, balanced({}), KPR)).toBe('n/a, allowed');
    expect(sides('ip:198.51.100.7', 'ip:203.0.113.80', 80, balanced({ externalTrafficPolicy: 'Local' }), KPR)).toBe('n/a, allowed');
    expect(
      sides(
        'ip:198.51.100.7',
        'ip:203.0.113.80',
        80,
        balanced({ externalTrafficPolicy: 'Local', loadBalancerSourceRanges: ['192.0.2.0/24'] }),
        KPR,
      ),
    ).toBe('n/a, unknown');
  });
});

test('a ClusterIP is for clients in the cluster, unless the agents say otherwise', () => {
  expect(sides('ip:198.51.100.7', 'ip:10.96.0.5', 80, [BALANCED], KPR)).toBe('n/a, unknown');
  expect(sides('ip:198.51.100.7', 'ip:10.96.0.5', 80, [BALANCED], { ...KPR, 'bpf-lb-external-clusterip': 'true' })).toBe('n/a, allowed');
});

test('an external IP of the own node is translated', () => {
  const own = service({ externalIPs: ['192.168.1.1'] });
  expect(sides('shop/b', 'ip:192.168.1.1', 80, [own], KPR)).toBe('allowed, allowed');
  const { spec, ...unplaced } = pod('b', 'n1', '10.0.1.8', { app: 'b' });
  const nowhere = {
    ...unplaced,
    metadata: { namespace: 'shop', name: 'c', labels: { app: 'b' } },
    spec: { ...(spec as JsonObject), nodeName: '' },
  };
  expect(sides('shop/c', 'ip:192.168.1.1', 80, [own, nowhere], KPR)).toBe('unknown, unknown');
});

test('an external IP that a pod has too leads to the Service', () => {
  const twin = pod('x', 'n2', '10.0.2.50', { app: 'x' });
  const closed = policy('x', { endpointSelector: { matchLabels: { app: 'x' } }, ingress: [{}] });
  expect(
    sides('shop/b', 'ip:10.0.2.50', 80, [service({ externalIPs: ['10.0.2.50'] }), twin, closed], {
      ...KPR,
      'disable-external-ip-mitigation': 'true',
    }),
  ).toBe('allowed, allowed');
});

describe('a client outside of the cluster', () => {
  const onlyPrefix = policy('web', {
    endpointSelector: { matchLabels: { app: 'web' } },
    ingress: [{ fromCIDR: ['198.51.100.0/24'] }, { fromEntities: ['cluster'] }],
  });
  const onlyPods = policy('web', { endpointSelector: { matchLabels: { app: 'web' } }, ingress: [{ fromEndpoints: [{}] }] });
  const from = 'ip:198.51.100.7';

  test('may lose its address on the way: with a tunnel it is the world', () => {
    expect(sides(from, 'ip:192.168.1.1', 30080, [BALANCED, onlyPrefix], KPR)).toBe('n/a, unknown');
    expect(sides(from, 'ip:192.168.1.1', 30080, [BALANCED, onlyPrefix], NATIVE)).toBe('n/a, allowed');
    const exposed = { 'bpf-lb-external-clusterip': 'true' };
    expect(sides(from, 'ip:10.96.0.5', 80, [BALANCED, onlyPrefix], { ...KPR, ...exposed })).toBe('n/a, unknown');
    expect(sides(from, 'ip:10.96.0.5', 80, [BALANCED, onlyPods], { ...KPR, ...exposed })).toBe('n/a, denied');
  });

  test('is led to pods by kube-proxy, without its replacement', () => {
    for (const address of ['ip:203.0.113.9', 'ip:203.0.113.80', 'ip:192.168.1.1', 'ip:10.96.0.5']) {
      const port = address === 'ip:192.168.1.1' ? 30080 : 80;
      expect(sides(from, address, port, [BALANCED, onlyPods], { 'bpf-lb-external-clusterip': 'true' })).toBe('n/a, unknown');
    }
    // The node of the pod may put its own address in the place of the source, and a node may always connect to its pods.
    expect(sides(from, 'service:shop/web', 80, [BALANCED, onlyPods])).toBe('n/a, unknown');
    expect(sides(from, 'service:shop/web', 80, [BALANCED, onlyPods], { 'allow-localhost': 'policy' })).toBe('n/a, denied');
  });
});

test('an external IP follows the traffic policy of outside, also for clients inside', () => {
  const second = pod('web-2', 'n2', '10.0.2.7', { app: 'web', open: 'yes' });
  const c = pod('c', 'n1', '10.0.1.8', { app: 'c' });
  const toSecond = policy('c', {
    endpointSelector: { matchLabels: { app: 'c' } },
    egress: [{ toEndpoints: [{ matchLabels: { open: 'yes' } }] }],
  });
  const of = (spec: JsonObject) =>
    sides('shop/c', 'ip:203.0.113.9', 80, [c, second, toSecond, service({ externalIPs: ['203.0.113.9'], ...spec })], {
      ...KPR,
      'bpf-lb-sock-hostns-only': 'true',
    });
  expect(of({ internalTrafficPolicy: 'Local' })).toBe('unknown, allowed');
  expect(of({ externalTrafficPolicy: 'Local' })).toBe('denied, allowed');
});

test.each(['service.cilium.io/node-selector', 'service.cilium.io/node'])(
  'with the annotation `%s`, a node may not know a Service',
  (key) => {
    const some = { ...BALANCED, metadata: { namespace: 'shop', name: 'web', annotations: { [key]: 'edge' } } };
    expect(sides('shop/b', 'ip:203.0.113.80', 80, [some], KPR)).toBe('unknown, unknown');
    expect(sides('shop/b', 'service:shop/web', 80, [some], KPR)).toBe('unknown, unknown');
  },
);

test('a Service that stands for a DNS name has no pods', () => {
  const alias = service({ type: 'ExternalName', externalName: 'db.example.com', clusterIP: '' });
  expect(sides('shop/b', 'service:shop/web', 80, [alias])).toBe(
    'to: service `shop/web` stands for a DNS name; ask about that name, such as `fqdn:db.example.com`',
  );
});

test('the endpoint that Cilium writes for its Ingress is no backend', () => {
  const dummy = {
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4', ports: [{ port: 9999 }] },
    metadata: { namespace: 'shop', name: 'web', labels: { 'kubernetes.io/service-name': 'web' } },
    endpoints: [{ addresses: ['192.192.192.192'] }],
  };
  expect(sides('shop/a', 'ip:10.96.0.5', 80, [service({ selector: {} }), dummy])).toMatch(/^to: service `shop\/web` has no backend/);
});

test('a source at a loopback address is on the machine itself, for the fast engine too', () => {
  const closed = policy('web', { endpointSelector: { matchLabels: { app: 'web' } }, ingress: [{}] });
  expect(sides('ip:127.0.0.1', 'shop/web-1', 9090, [closed])).toBe('n/a, denied');
});

describe('a Service that is asked for by its name from outside', () => {
  const toWorld = policy('web', { endpointSelector: { matchLabels: { app: 'web' } }, ingress: [{ fromEntities: ['world'] }] });
  const balancer = (spec: JsonObject) => service({ type: 'LoadBalancer', ...spec });

  test.each<[string, JsonObject, string]>([
    ['may have another source for its pods', balancer({}), 'n/a, unknown'],
    ['keeps the source with `externalTrafficPolicy: Local`', balancer({ externalTrafficPolicy: 'Local' }), 'n/a, allowed'],
    [
      'may be closed to the source',
      balancer({ externalTrafficPolicy: 'Local', loadBalancerSourceRanges: ['192.0.2.0/24'] }),
      'n/a, unknown',
    ],
    ['is reached in some way if it has a ClusterIP only', service({}), 'n/a, allowed'],
  ])('%s', (_what, one, expected) => {
    expect(sides('ip:198.51.100.7', 'service:shop/web', 80, [one, toWorld], NATIVE)).toBe(expected);
    expect(sides('entity:world', 'service:shop/web', 80, [one, toWorld], NATIVE)).toBe(expected);
  });
});

describe('a backend of no known node', () => {
  const LOCAL = service({ internalTrafficPolicy: 'Local' });
  const deployed = (labels: JsonObject): JsonObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'shop', name: 'web-next' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'c' }] } } },
  });
  const closed = policy('next', { endpointSelector: { matchLabels: { ver: '2' } }, ingress: [{}] });

  test('may be on the node of the client', () => {
    expect(sides('shop/b', 'ip:10.96.0.5', 80, [LOCAL], KPR)).toBe('allowed, allowed');
    expect(sides('shop/b', 'ip:10.96.0.5', 80, [LOCAL, deployed({ app: 'web', ver: '2' }), closed], KPR)).toBe('allowed, unknown');
    const alone = service({ internalTrafficPolicy: 'Local', selector: { ver: '2' } });
    expect(sides('shop/b', 'ip:10.96.0.5', 80, [alone, deployed({ app: 'web', ver: '2' }), closed], KPR)).toBe('allowed, denied');
  });
});

test('a client that is the API server is a machine outside or a node, wherever it is listed', () => {
  const slices = (address: string): JsonObject => ({
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
    metadata: { namespace: 'default', name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    ports: [{ port: 6443 }],
    endpoints: [{ addresses: [address] }],
  });
  const open = policy('web', { endpointSelector: { matchLabels: { app: 'web' } }, ingress: [{ fromEntities: ['kube-apiserver'] }] });
  const of = (address: string) => sides('entity:kube-apiserver', 'ip:10.96.0.5', 80, [service({}), slices(address), open], KPR);

  expect(of('198.51.100.50')).toBe('n/a, unknown');
  expect(of('198.51.100.50')).toBe(sides('ip:198.51.100.50', 'ip:10.96.0.5', 80, [service({}), slices('198.51.100.50'), open], KPR));
  expect(of('192.168.1.2')).toBe('n/a, allowed');
});

describe('programs of a node', () => {
  const host = (egress: JsonObject): JsonObject => ({
    ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'host' } },
    spec: { nodeSelector: {}, egress: [egress] },
  });
  const FIREWALL = { 'enable-host-firewall': 'true' };
  const toWeb = host({ toEndpoints: [{ matchLabels: { app: 'web', 'k8s:io.kubernetes.pod.namespace': 'shop' } }] });

  test('are translated by kube-proxy before the policy of the node', () => {
    expect(sides('node:n1', 'ip:203.0.113.80', 80, [BALANCED, toWeb], FIREWALL)).toBe('allowed, allowed');
    expect(sides('node:n1', 'ip:192.168.1.1', 30080, [BALANCED, toWeb], FIREWALL)).toBe('allowed, allowed');
    expect(sides('node:n1', 'ip:203.0.113.80', 80, [BALANCED, toWeb], { ...FIREWALL, 'bpf-lb-sock': 'true' })).toBe('allowed, allowed');
  });

  test('reach the node ports of other nodes as they are, where kube-proxy has no rule for them', () => {
    expect(sides('node:n1', 'ip:192.168.1.2', 30080, [BALANCED, toWeb], FIREWALL)).toBe('denied, unknown');
    expect(sides('node:n1', 'entity:remote-node', 30080, [BALANCED, toWeb], FIREWALL)).toBe('denied, unknown');
    expect(sides('entity:remote-node', 'ip:192.168.1.2', 30080, [BALANCED], {})).toBe('n/a, unknown');
  });

  test('use sockets, in which an external IP is not translated', () => {
    expect(sides('entity:remote-node', 'ip:203.0.113.9', 80, [BALANCED], { ...KPR, 'bpf-lb-sock-hostns-only': 'true' })).toBe(
      'n/a, unknown',
    );
  });

  test('have no sockets for SCTP', () => {
    const sctp = service({ ports: [{ port: 80, targetPort: 9090, nodePort: 30080, protocol: 'SCTP' }] });
    const config = { ...KPR, ...FIREWALL, 'enable-sctp': 'true' };
    expect(sides('node:n1', 'ip:10.96.0.5', 80, [sctp, toWeb], config, 'SCTP')).toBe('denied, unknown');
    expect(sides('shop/b', 'ip:10.96.0.5', 80, [sctp], config, 'SCTP')).toBe('allowed, allowed');
    expect(sides('shop/b', 'ip:192.168.1.2', 30080, [sctp], config, 'SCTP')).toEqual([
      'denied, unknown',
      'denied, unknown',
      'allowed, allowed',
    ]);
  });
});

test.each<[string, string, Config, unknown]>([
  ['shop/b', 'entity:host', KPR, 'allowed, allowed'],
  ['shop/b', 'entity:remote-node', KPR, 'allowed, allowed'],
  ['shop/b', 'entity:host', { ...KPR, 'bpf-lb-sock-hostns-only': 'true' }, 'allowed, allowed'],
  [
    'shop/b',
    'entity:remote-node',
    { ...KPR, 'bpf-lb-sock-hostns-only': 'true' },
    ['denied, unknown', 'denied, unknown', 'allowed, allowed'],
  ],
  ['shop/b', 'entity:host', {}, 'denied, unknown'],
  ['node:n1', 'ip:127.0.0.1', KPR, 'n/a, denied'],
  ['node:n1', 'ip:127.0.0.1', {}, 'n/a, unknown'],
  ['shop/b', 'ip:127.0.0.1', KPR, 'n/a, n/a'],
  // An API server that is not listed may be a node or a machine outside, at whose port another program may listen.
  ['shop/b', 'entity:kube-apiserver', KPR, 'unknown, allowed'],
])('from %s to a node port of %s with %j: %j', (from, to, config, expected) => {
  const closed = policy('web', { endpointSelector: { matchLabels: { app: 'web' } }, ingress: [{ fromEndpoints: [{}] }] });
  expect(sides(from, to, 30080, [BALANCED, closed], { ...config, 'allow-localhost': 'policy' })).toEqual(expected);
});

test('a port of the API server at a listed address is one of the node that has it', () => {
  const slice = {
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4', ports: [{ port: 6443 }] },
    metadata: { namespace: 'default', name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    endpoints: [{ addresses: ['192.168.1.2'] }],
  };
  expect(sides('shop/b', 'entity:kube-apiserver', 30080, [BALANCED, slice], KPR)).toBe('allowed, allowed');
  expect(sides('shop/b', 'entity:kube-apiserver', 6443, [BALANCED, slice], KPR)).toBe('denied, n/a');
});

test('a pod with the network of its node has the node ports of the node', () => {
  const own = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'hn' }, status: { podIP: '192.168.1.2' } };
  const hosted = { ...own, spec: { nodeName: 'n2', hostNetwork: true, containers: [{ name: 'c' }] } };
  expect(sides('shop/b', 'shop/hn', 30080, [BALANCED, hosted], KPR)).toBe('allowed, allowed');
});

test('an address that nobody has in its family is no port of the node', () => {
  const both = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n3' },
    status: { addresses: [{ type: 'InternalIP', address: 'fd00::3' }] },
  };
  const closed = policy('web', { endpointSelector: { matchLabels: { app: 'web' } }, ingress: [{}] });
  expect(sides('ip:2001:db8::1', 'ip:fd00::3', 30080, [BALANCED, both, closed], { ...KPR, 'enable-ipv6': 'true' })).toBe('n/a, n/a');
});

test('source ranges are for clients outside of the cluster', () => {
  const ranged = [{ ...BALANCED, spec: { ...(BALANCED.spec as JsonObject), loadBalancerSourceRanges: ['192.0.2.0/24'] } }];
  expect(sides('shop/b', 'ip:203.0.113.80', 80, ranged, KPR)).toBe('allowed, allowed');
});

describe('a port of a node that leads to a pod', () => {
  const edge = (port: JsonObject, nodeName = 'n2') => [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'shop', name: 'edge', labels: { app: 'edge' } },
      spec: { nodeName, containers: [{ name: 'c', ports: [{ containerPort: 9090, hostPort: 8080, ...port }] }] },
      status: { podIP: '10.0.2.9' },
    },
    policy('edge', { endpointSelector: { matchLabels: { app: 'edge' } }, ingress: [{}] }),
  ];
  const neighbour = pod('near', 'n2', '10.0.2.8', { app: 'b' });

  test.each<[string, string, JsonObject, Config, string]>([
    ['ip:198.51.100.7', 'ip:192.168.1.2', {}, KPR, 'n/a, denied'],
    ['ip:198.51.100.7', 'node:n2', {}, KPR, 'n/a, denied'],
    // Without Cilium, something else translates it.
    ['ip:198.51.100.7', 'ip:192.168.1.2', {}, {}, 'n/a, unknown'],
    // A client on another node sees the node, one on the same node the pod.
    ['shop/b', 'ip:192.168.1.2', {}, KPR, 'denied, unknown'],
    ['shop/near', 'ip:192.168.1.2', {}, KPR, 'denied, denied'],
    // Another node, address, protocol or port is the node itself.
    ['ip:198.51.100.7', 'ip:192.168.1.1', {}, KPR, 'n/a, n/a'],
    ['ip:198.51.100.7', 'ip:192.168.1.2', { hostIP: '127.0.0.1' }, KPR, 'n/a, n/a'],
    ['ip:198.51.100.7', 'ip:192.168.1.2', { protocol: 'UDP' }, KPR, 'n/a, n/a'],
    ['ip:198.51.100.7', 'ip:192.168.1.2', { hostPort: 8081 }, KPR, 'n/a, n/a'],
    // A node as such: the one of the client is known, another one may be any.
    ['shop/near', 'entity:host', {}, KPR, 'denied, denied'],
    ['shop/b', 'entity:host', {}, KPR, 'denied, n/a'],
    ['shop/b', 'entity:remote-node', {}, KPR, 'denied, unknown'],
    ['entity:world', 'entity:host', {}, KPR, 'n/a, unknown'],
    // A node may always connect to its own pods.
    ['node:n2', 'ip:127.0.0.1', {}, KPR, 'n/a, allowed'],
    ['node:n1', 'ip:127.0.0.1', {}, KPR, 'n/a, n/a'],
    ['node:n2', 'ip:127.0.0.1', { hostIP: '127.0.0.1' }, KPR, 'n/a, allowed'],
  ])('from %s to %s with %j and %j: %s', (from, to, port, config, expected) => {
    expect(sides(from, to, 8080, [...edge(port), neighbour], config)).toBe(expected);
  });

  test('of a pod on no known node, on any node', () => {
    expect(sides('ip:198.51.100.7', 'ip:192.168.1.1', 8080, edge({}, ''), KPR)).toBe('n/a, unknown');
  });

  test('is the port itself where the pod has the network of its node', () => {
    const [one, own] = edge({});
    const host = { ...one, spec: { ...(one.spec as JsonObject), hostNetwork: true } };
    expect(sides('ip:198.51.100.7', 'ip:192.168.1.2', 8080, [host, own], KPR)).toBe('n/a, n/a');
  });
});

test('other clusters of a mesh may add backends to a global Service', () => {
  const global = service({}, { annotations: { 'service.cilium.io/global': 'true' } });
  expect(sides('shop/b', 'ip:10.96.0.5', 80, [global])).toBe('allowed, allowed');
  expect(sides('shop/b', 'ip:10.96.0.5', 80, [global], { 'cluster-id': '1' })).toBe('unknown, unknown');
  const inCapitals = service({}, { annotations: { 'service.cilium.io/global': 'True' } });
  expect(sides('shop/b', 'ip:10.96.0.5', 80, [inCapitals], { 'cluster-id': '1' })).toBe('unknown, unknown');
  const noMore = service({}, { annotations: { 'service.cilium.io/global': 'false', 'io.cilium/global-service': 'true' } });
  expect(sides('shop/b', 'ip:10.96.0.5', 80, [noMore], { 'cluster-id': '1' })).toBe('allowed, allowed');
});

test('Endpoints count as the slices that Kubernetes makes of them', () => {
  const bare = service({ selector: {} });
  const endpoints = (metadata: JsonObject): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { namespace: 'shop', name: 'web', ...metadata },
    subsets: [{ addresses: [{ ip: '198.51.100.9' }], notReadyAddresses: [{ ip: '10.0.1.7' }], ports: [{ port: 9090 }] }],
  });
  expect(sides('shop/a', 'ip:10.96.0.5', 80, [bare, endpoints({})])).toBe('allowed, n/a');
  expect(sides('shop/a', 'ip:10.96.0.5', 80, [bare, endpoints({ labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } })])).toMatch(
    /^to: service `shop\/web` has no backend/,
  );
});

describe('a local redirect', () => {
  const ON = { 'enable-local-redirect-policy': 'true' };
  const redirect = (frontend: JsonObject, more: JsonObject = {}): JsonObject => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumLocalRedirectPolicy',
    metadata: { namespace: 'shop', name: 'r' },
    spec: {
      redirectFrontend: frontend,
      redirectBackend: { localEndpointSelector: { matchLabels: { app: 'local' } }, toPorts: [{ port: '9090', protocol: 'TCP' }] },
      ...more,
    },
  });
  const byAddress = { addressMatcher: { ip: '169.254.169.254', toPorts: [{ port: '80', protocol: 'TCP' }] } };
  const byService = { serviceMatcher: { serviceName: 'web', namespace: 'shop' } };
  const local = pod('local-1', 'n1', '10.0.1.9', { app: 'local' });
  const elsewhere = pod('local-2', 'n2', '10.0.2.9', { app: 'local' });
  const c = pod('c', 'n1', '10.0.1.8', { app: 'c' });
  const onlyLocal = policy('c', {
    endpointSelector: { matchLabels: { app: 'c' } },
    egress: [{ toEndpoints: [{ matchLabels: { app: 'local' } }] }],
  });

  test.each<[string, readonly JsonObject[], string, Config, string]>([
    ['its pod on the node of the client', [redirect(byAddress), local], 'ip:169.254.169.254', ON, 'allowed, allowed'],
    [
      'the address itself while it is off',
      [redirect(byAddress), local],
      'ip:169.254.169.254',
      { 'enable-policy': 'default' },
      'denied, n/a',
    ],
    ['the address itself without a pod on the node', [redirect(byAddress), elsewhere], 'ip:169.254.169.254', ON, 'denied, n/a'],
    ['its pod, for a Service', [redirect(byService), local, service({})], 'service:shop/web', ON, 'allowed, allowed'],
    ['its pod, for the ClusterIP', [redirect(byService), local, service({})], 'ip:10.96.0.5', ON, 'allowed, allowed'],
    [
      'the backends of the Service without a pod on the node',
      [redirect(byService), elsewhere, service({})],
      'service:shop/web',
      ON,
      'denied, allowed',
    ],
  ])('leads to %s', (_, objects, to, config, expected) => {
    expect(sides('shop/c', to, 80, [c, onlyLocal, ...objects], config)).toBe(expected);
  });

  test('does not lead programs of a node there without sockets', () => {
    const host = {
      ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'host' } },
      spec: { nodeSelector: {}, egress: [{ toEntities: ['cluster'] }] },
    };
    const asked = [redirect(byAddress), local, host];
    const config = { ...ON, 'enable-host-firewall': 'true' };
    expect(sides('node:n1', 'ip:169.254.169.254', 80, asked, config)).toBe('denied, n/a');
    expect(sides('node:n1', 'ip:169.254.169.254', 80, asked, { ...config, ...KPR })).toBe('allowed, allowed');
  });

  test('may lead a client on no known node to the original destination', () => {
    expect(sides('labels:app=c@shop', 'ip:169.254.169.254', 80, [onlyLocal, redirect(byAddress), local], ON)).toBe('unknown, allowed');
    expect(sides('labels:app=c@shop', 'ip:10.96.0.5', 80, [onlyLocal, redirect(byService), local, service({})], ON)).toBe(
      'unknown, allowed',
    );
  });

  test('leads every client to a DaemonSet, which has a pod on every node', () => {
    const template = { metadata: { labels: { app: 'local' } }, spec: { containers: [{ name: 'c' }] } };
    const everywhere = (spec: JsonObject) => ({
      ...{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { namespace: 'shop', name: 'local' } },
      spec: { template: { ...template, spec: { ...template.spec, ...spec } } },
    });
    const asked = [onlyLocal, redirect(byAddress)];
    expect(sides('labels:app=c@shop', 'ip:169.254.169.254', 80, [...asked, everywhere({})], ON)).toBe('allowed, allowed');
    expect(sides('labels:app=c@shop', 'ip:169.254.169.254', 80, [...asked, everywhere({ nodeSelector: { edge: 'yes' } })], ON)).toBe(
      'unknown, allowed',
    );
  });

  test('may skip its own pods', () => {
    const own = (skips: boolean) => [redirect(byAddress, { skipRedirectFromBackend: skips }), local];
    expect(sides('shop/local-1', 'ip:169.254.169.254', 80, own(false), ON)).toBe('n/a, n/a');
    expect(sides('shop/local-1', 'ip:169.254.169.254', 80, own(true), ON)).toBe('allowed, n/a');
  });

  test('is unknown where it cannot be judged, or where it may be on', () => {
    const later = redirect(
      { addressMatcher: { ip: '169.254.169.254', toPorts: [{ port: '80', protocol: 'TCP' }] } },
      { redirectBackend: {} },
    );
    expect(sides('shop/c', 'ip:169.254.169.254', 80, [c, later], ON)).toBe('unknown, unknown');
    expect(sides('shop/c', 'ip:169.254.169.254', 80, [c, redirect(byAddress), local])).toBe('unknown, unknown');
  });
});

test('each backend outside of the cluster has the decision of its own address', () => {
  const behind = (...addresses: readonly string[]) => [
    service({}),
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { namespace: 'shop', name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      ports: [{ name: '', port: 9090, protocol: 'TCP' }],
      endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    },
    policy('c', { endpointSelector: { matchLabels: { app: 'b' } }, egress: [{ toCIDR: ['198.51.100.0/24', '203.0.113.7/32'] }] }),
  ];
  const decided = (...addresses: readonly string[]) => sides('shop/b', 'service:shop/web', 80, behind(...addresses));

  expect(decided('198.51.100.1', '203.0.113.7', '198.51.100.2')).toBe('allowed, n/a');
  expect(decided('192.0.2.1', '192.0.2.2')).toBe('denied, n/a');
  expect(decided('198.51.100.1', '198.51.100.2', '192.0.2.1', '192.0.2.2')).toBe('unknown, n/a');
  expect(decided('192.0.2.1', '203.0.113.7')).toBe('unknown, n/a');
  expect(decided('198.51.100.1', '10.0.1.5', '198.51.100.2')).toBe('unknown, allowed');
});
