/** network/kubernetes/kubeproxy-free.rst, local-redirect-policy.rst, lb-ipam.rst, caveats.rst and servicemesh/*.rst. */
import type { JsonObject } from '../../lib/model/json';
import { ask, claim, differs, open, Page, unasked } from './claim';
import { clusterwide, labelled, node, pod, policy, ports, service, slice } from './objects';

const KPF = 'network/kubernetes/kubeproxy-free.rst';
const OPEN = 'allowed by not-enforced';
const CLOSED = 'denied by default-deny';
const RULE = 'allowed by rule';
const KPR = { config: { 'kube-proxy-replacement': 'true' } };
const NATIVE = { config: { ...KPR.config, 'routing-mode': 'native' } };

/** `a` may go to `web` only, `out` to the world only. */
const CLUSTER = [
  node('n1', ['192.168.1.1']),
  node('n2', ['192.168.1.2']),
  pod('shop/a', 'n1', '10.0.1.5'),
  pod('shop/out', 'n1', '10.0.1.6'),
  pod('shop/web', 'n2', '10.0.2.7'),
  policy('a', { egress: [{ toEndpoints: [labelled({ app: 'web' })] }] }),
  policy('out', { egress: [{ toEntities: ['world'] }] }),
];
const WORLD_ONLY = policy('web', { ingress: [{ fromEntities: ['world'] }] });
const LB = { type: 'LoadBalancer', externalIPs: ['203.0.113.9'] };
const ADDRESS = { loadBalancer: { ingress: [{ ip: '203.0.113.80' }] } };
const balanced = (spec: JsonObject = {}, metadata: JsonObject = {}) => service({ ...LB, ...spec }, { ...metadata }, ADDRESS);
const lb = (from: string, to: string, port: string, spec: JsonObject = {}, metadata: JsonObject = {}) =>
  ask([...CLUSTER, balanced(spec, metadata)], from, to, port, KPR);
const BACKENDS = (...endpoints: JsonObject[]) =>
  slice(
    'shop/web',
    { port: 9090 },
    endpoints.map((one) => ({ ...one })),
  );
const SECOND = pod('shop/web2', 'n1', '10.0.1.9', { labels: { app: 'web', closed: 'yes' } });
const SECOND_CLOSED = clusterwide('closed', { endpointSelector: labelled({ closed: 'yes' }), ingress: [{}] });
const both = (spec: JsonObject, from = 'shop/a', to = 'ip:10.96.0.5', port = '80') =>
  ask([...CLUSTER, SECOND, SECOND_CLOSED, service({ type: 'NodePort', ...spec })], from, to, port, KPR);

export const SERVICES: Page = {
  title: 'Services (kubeproxy-free.rst)',
  claims: [
    claim(`${KPF}:127`, 'a ClusterIP is translated before policy: the pod counts', lb('shop/a', 'ip:10.96.0.5', '80'), `${RULE} → ${OPEN}`),
    claim(`${KPF}:127`, 'and not the address', lb('shop/out', 'ip:10.96.0.5', '80'), `${CLOSED} → ${OPEN}`),
    claim(`${KPF}:127`, 'so is a node port', lb('shop/a', 'ip:192.168.1.2', '30080'), `${RULE} → ${OPEN}`),
    claim(`${KPF}:127`, 'of each node', lb('shop/a', 'ip:192.168.1.1', '30080'), `${RULE} → ${OPEN}`),
    claim(`${KPF}:127`, 'and the address of a load balancer', lb('shop/a', 'ip:203.0.113.80', '80'), `${RULE} → ${OPEN}`),
    claim(
      `${KPF}:127`,
      'without kube-proxy replacement the policy sees that address',
      ask([...CLUSTER, balanced()], 'shop/out', 'ip:203.0.113.80', '80'),
      `${RULE} → unknown`,
    ),
    claim(
      `${KPF}:128`,
      'external IPs are translated',
      lb('shop/a', 'ip:203.0.113.9', '80'),
      `${CLOSED} → unknown`,
      differs('not for clients in the cluster, unless the address is one of their node: `bpf/bpf_sock.c`, sock4_skip_xlate'),
    ),
    claim(
      `${KPF}:619`,
      'external IPs are not translated for pods, unless `disable-external-ip-mitigation` is set',
      lb('shop/out', 'ip:203.0.113.9', '80'),
      `${RULE} → unknown`,
    ),
    claim(
      `${KPF}:129`,
      'a `hostPort` leads to the container',
      ask(
        [
          ...CLUSTER,
          {
            ...pod('shop/edge', 'n2', '10.0.2.9'),
            spec: { nodeName: 'n2', containers: [{ name: 'c', ports: [{ containerPort: 9090, hostPort: 8080 }] }] },
          },
          policy('edge', { ingress: [{}] }),
        ],
        'ip:198.51.100.7',
        'ip:192.168.1.2',
        '8080',
        KPR,
      ),
      `n/a → ${CLOSED}`,
    ),
    claim(
      `${KPF}:325`,
      'in the cluster, `externalTrafficPolicy: Local` leaves all backends',
      both({ externalTrafficPolicy: 'Local' }, 'shop/a', 'ip:192.168.1.2', '30080'),
      `${RULE} → unknown`,
    ),
    claim(
      `${KPF}:358`,
      'from outside it leaves those of the node',
      both({ externalTrafficPolicy: 'Local' }, 'ip:198.51.100.7', 'ip:192.168.1.2', '30080'),
      `n/a → ${OPEN}`,
    ),
    claim(
      `${KPF}:358`,
      'and preserves the source',
      ask([...CLUSTER, WORLD_ONLY, balanced({ externalTrafficPolicy: 'Local' })], 'ip:198.51.100.7', 'ip:192.168.1.2', '30080', KPR),
      `n/a → ${RULE}`,
    ),
    claim(
      `${KPF}:342`,
      "`internalTrafficPolicy: Local` leaves the backends of the client's node",
      both({ internalTrafficPolicy: 'Local' }),
      `${RULE} → ${CLOSED}`,
    ),
    claim(`${KPF}:345`, '`internalTrafficPolicy: Cluster` leaves all', both({ internalTrafficPolicy: 'Cluster' }), `${RULE} → unknown`),
    claim(
      `${KPF}:360`,
      'the internal policy does not limit clients from outside',
      both({ internalTrafficPolicy: 'Local', externalTrafficPolicy: 'Cluster' }, 'ip:198.51.100.7', 'ip:192.168.1.2', '30080'),
      'n/a → unknown',
    ),
    claim(
      `${KPF}:368`,
      'a load balancer has a node port and a ClusterIP too',
      lb('shop/a', 'ip:192.168.1.2', '30080'),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${KPF}:391`,
      'unless `service.cilium.io/type` names another type: no ClusterIP',
      lb('shop/out', 'ip:10.96.0.5', '80', {}, { annotations: { 'service.cilium.io/type': 'LoadBalancer' } }),
      `${RULE} → n/a`,
    ),
    claim(
      `${KPF}:391`,
      'and no node port',
      lb('shop/a', 'ip:192.168.1.2', '30080', {}, { annotations: { 'service.cilium.io/type': 'LoadBalancer' } }),
      `${CLOSED} → n/a`,
    ),
    claim(
      `${KPF}:391`,
      'but the load balancer',
      lb('shop/a', 'ip:203.0.113.80', '80', {}, { annotations: { 'service.cilium.io/type': 'LoadBalancer' } }),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${KPF}:392`,
      'with the type `NodePort` the node port is left',
      lb('shop/a', 'ip:192.168.1.2', '30080', {}, { annotations: { 'service.cilium.io/type': 'NodePort' } }),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${KPF}:590`,
      'a node that forwards to another may hide the source of a client from outside',
      ask([...CLUSTER, WORLD_ONLY, balanced()], 'ip:198.51.100.7', 'ip:203.0.113.80', '80', NATIVE),
      'n/a → unknown',
    ),
    claim(
      `${KPF}:604`,
      'in DSR mode the source is preserved',
      ask([...CLUSTER, WORLD_ONLY, balanced()], 'ip:198.51.100.7', 'ip:203.0.113.80', '80', {
        config: { ...NATIVE.config, 'bpf-lb-mode': 'dsr' },
      }),
      'n/a → unknown',
      open('the key `bpf-lb-mode` is not judged; the rule allows it'),
    ),
    claim(
      `${KPF}:1394`,
      'node ports work in the cluster by every address of a node',
      ask(
        [
          ...CLUSTER,
          {
            apiVersion: 'cilium.io/v2',
            kind: 'CiliumNode',
            metadata: { name: 'n2' },
            spec: { addresses: [{ type: 'CiliumInternalIP', ip: '10.0.2.1' }] },
          },
          balanced(),
        ],
        'shop/a',
        'ip:10.0.2.1',
        '30080',
        KPR,
      ),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${KPF}:1580`,
      'a terminating backend that serves is used if no other is left',
      ask(
        [...CLUSTER, service(), BACKENDS({ addresses: ['10.0.2.7'], conditions: { ready: false, serving: true, terminating: true } })],
        'shop/a',
        'ip:10.96.0.5',
        '80',
      ),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${KPF}:1581`,
      'and not if there is an active one',
      ask(
        [
          ...CLUSTER,
          service(),
          BACKENDS(
            { addresses: ['10.0.2.7'] },
            { addresses: ['10.0.1.6'], conditions: { ready: false, serving: true, terminating: true } },
          ),
        ],
        'shop/a',
        'ip:10.96.0.5',
        '80',
      ),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${KPF}:1585`,
      'a backend that is ready and terminating is used',
      ask(
        [...CLUSTER, service(), BACKENDS({ addresses: ['10.0.2.7'], conditions: { ready: true, terminating: true } })],
        'shop/a',
        'ip:10.96.0.5',
        '80',
      ),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${KPF}:1651`,
      '`loadBalancerSourceRanges` limit clients from outside',
      lb('ip:198.51.100.7', 'ip:203.0.113.80', '80', { loadBalancerSourceRanges: ['192.0.2.0/24'] }),
      'n/a → unknown',
    ),
    claim(
      `${KPF}:1656`,
      'and not clients in the cluster',
      lb('shop/a', 'ip:203.0.113.80', '80', { loadBalancerSourceRanges: ['192.0.2.0/24'] }),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${KPF}:1660`,
      'and not the node port of the Service',
      ask(
        [...CLUSTER, balanced({ externalTrafficPolicy: 'Local', loadBalancerSourceRanges: ['192.0.2.0/24'] })],
        'ip:198.51.100.7',
        'ip:192.168.1.2',
        '30080',
        KPR,
      ),
      `n/a → ${OPEN}`,
    ),
    claim(
      `${KPF}:1742`,
      'Services of another proxy are not translated',
      lb('shop/out', 'ip:10.96.0.5', '80', {}, { labels: { 'service.kubernetes.io/service-proxy-name': 'other' } }),
      `${RULE} → unknown`,
    ),
    claim(
      `${KPF}:1743`,
      'unless the agent is that proxy',
      ask([...CLUSTER, service({}, { labels: { 'service.kubernetes.io/service-proxy-name': 'other' } })], 'shop/a', 'ip:10.96.0.5', '80', {
        config: { 'k8s-service-proxy-name': 'other' },
      }),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${KPF}:1849`,
      'a ClusterIP is closed to clients outside of the cluster',
      lb('ip:198.51.100.7', 'ip:10.96.0.5', '80'),
      'n/a → unknown',
    ),
    unasked(`${KPF}:2005`, 'two Services with one backend may share a connection', 'connections that exist are not judged'),
  ],
};

const LRP = 'network/kubernetes/local-redirect-policy.rst';
const REDIRECT = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumLocalRedirectPolicy',
  metadata: { namespace: 'shop', name: 'near' },
  spec: {
    redirectFrontend: { serviceMatcher: { serviceName: 'web', namespace: 'shop' } },
    redirectBackend: { localEndpointSelector: labelled({ app: 'out' }), toPorts: [{ port: '9090', protocol: 'TCP' }] },
  },
};
const SHARED = service(
  { ...LB, clusterIP: '10.96.0.6', selector: { app: 'out' }, ports: [{ port: 443, targetPort: 9090 }] },
  { name: 'second' },
  ADDRESS,
);
const CAVEATS = 'security/policy/caveats.rst';
const INGRESS = 'network/servicemesh';
const LOCKED = clusterwide('external-lockdown', { endpointSelector: {}, ingress: [{ fromEntities: ['cluster'] }] });

export const FRONTENDS: Page = {
  title: 'Redirects, load balancers and Ingress (local-redirect-policy.rst, lb-ipam.rst, caveats.rst, servicemesh)',
  claims: [
    claim(
      `${LRP}:13`,
      'traffic to a Service can be redirected to a pod of the node',
      ask([...CLUSTER, service(), REDIRECT], 'shop/a', 'ip:10.96.0.5', '80', { config: { 'enable-local-redirect-policy': 'true' } }),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${LRP}:43`,
      'if local redirect policies are enabled',
      ask([...CLUSTER, service(), REDIRECT], 'shop/a', 'ip:10.96.0.5', '80', { config: { 'enable-local-redirect-policy': 'false' } }),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${LRP}:26`,
      'traffic to the pods themselves is not redirected',
      ask([...CLUSTER, service(), REDIRECT], 'shop/a', 'shop/web', '9090', { config: { 'enable-local-redirect-policy': 'true' } }),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      'network/lb-ipam.rst:467',
      'Services can share the address of a load balancer: the ports of the first',
      ask([...CLUSTER, balanced(), SHARED], 'shop/a', 'ip:203.0.113.80', '80', KPR),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      'network/lb-ipam.rst:467',
      'and those of the second',
      ask([...CLUSTER, balanced(), SHARED], 'shop/a', 'ip:203.0.113.80', '443', KPR),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${CAVEATS}:19`,
      'in tunnel mode a client from outside is the world for the backend',
      ask([...CLUSTER, WORLD_ONLY, balanced()], 'ip:198.51.100.7', 'ip:203.0.113.80', '80', {
        config: { ...KPR.config, 'routing-mode': 'tunnel' },
      }),
      'n/a → allowed by rule',
    ),
    claim(
      `${CAVEATS}:22`,
      'in native routing mode it is the world or another node',
      ask([...CLUSTER, WORLD_ONLY, balanced()], 'ip:198.51.100.7', 'ip:203.0.113.80', '80', {
        config: NATIVE.config,
      }),
      'n/a → unknown',
    ),
    claim(
      `${CAVEATS}:27`,
      'a node matches `cluster`',
      ask(
        [...CLUSTER, policy('web', { ingress: [{ fromEntities: ['cluster', 'world'] }] }), balanced()],
        'ip:198.51.100.7',
        'ip:203.0.113.80',
        '80',
        { config: { ...KPR.config, 'routing-mode': 'native' } },
      ),
      `n/a → ${RULE}`,
    ),
    claim(
      `${INGRESS}/external-ingress-policy.rst:11`,
      'by default the world may reach an Ingress',
      ask(CLUSTER, 'entity:world', 'entity:ingress', '80'),
      `n/a → ${OPEN}`,
    ),
    claim(
      `${INGRESS}/external-ingress-policy.rst:20`,
      'a policy for all endpoints locks the world out',
      ask([...CLUSTER, LOCKED], 'entity:world', 'entity:ingress', '80'),
      `n/a → ${CLOSED}`,
    ),
    claim(
      `${INGRESS}/external-ingress-policy.rst:47`,
      'and lets pods in',
      ask([...CLUSTER, LOCKED], 'shop/a', 'entity:ingress', '80'),
      `${CLOSED} → ${RULE}`,
    ),
    claim(
      `${INGRESS}/external-ingress-policy.rst:56`,
      'some addresses can be allowed',
      ask(
        [
          ...CLUSTER,
          LOCKED,
          clusterwide('cidr', {
            endpointSelector: { matchExpressions: [{ key: 'reserved:ingress', operator: 'Exists' }] },
            ingress: [{ fromCIDRSet: [{ cidr: '172.18.0.1/32' }] }],
          }),
        ],
        'ip:172.18.0.1',
        'entity:ingress',
        '80',
      ),
      `n/a → ${RULE}`,
    ),
    claim(
      `${INGRESS}/default-deny-ingress-policy.rst:20`,
      'a policy that closes egress everywhere closes the Ingress too',
      ask(
        [
          ...CLUSTER,
          clusterwide('deny', {
            endpointSelector: { matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'NotIn', values: ['kube-system'] }] },
            egress: [{ toEndpoints: [labelled({ 'k8s-app': 'kube-dns' })], toPorts: ports('53/UDP') }],
          }),
        ],
        'entity:ingress',
        'shop/web',
        '9090',
      ),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${INGRESS}/default-deny-ingress-policy.rst:56`,
      'a rule for the Ingress opens it',
      ask(
        [
          ...CLUSTER,
          clusterwide('open', {
            endpointSelector: { matchExpressions: [{ key: 'reserved:ingress', operator: 'Exists' }] },
            egress: [{ toEntities: ['cluster'] }],
          }),
        ],
        'entity:ingress',
        'shop/web',
        '9090',
      ),
      `${RULE} → ${OPEN}`,
    ),
  ],
};
