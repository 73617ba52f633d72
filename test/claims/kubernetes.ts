/** security/policy/kubernetes.rst, network/kubernetes/policy.rst, concepts.rst and network/clustermesh/*.rst. */
import type { JsonObject } from '../../lib/model/json';
import { ask, claim, differs, http, Page, unasked } from './claim';
import { clusterwide, labelled, namespace, networkPolicy, node, pod, policy, ports, service } from './objects';

const K8S = 'security/policy/kubernetes.rst';
const POLICY = 'network/kubernetes/policy.rst';
const MESH = 'network/clustermesh/policy.rst';
const GLOBAL = 'network/clustermesh/global-services.rst';
const OPEN = 'allowed by not-enforced';
const CLOSED = 'denied by default-deny';
const RULE = 'allowed by rule';

const CLUSTER = [
  node('n1', ['192.168.1.1']),
  node('n2', ['192.168.1.2']),
  namespace('shop', { faction: 'alliance' }),
  namespace('other', { faction: 'empire' }),
  namespace('ally', { faction: 'alliance' }),
  pod('shop/a', 'n1', '10.0.1.5', { serviceAccountName: 'luke' }),
  pod('shop/b', 'n1', '10.0.1.6', { labels: { app: 'b', tier: 'gold' } }),
  pod('shop/web', 'n1', '10.0.1.7', { serviceAccountName: 'leia' }),
  pod('other/a', 'n1', '10.0.1.8'),
  pod('other/web', 'n1', '10.0.1.9'),
  pod('ally/a', 'n1', '10.0.1.10'),
  pod('kube-system/dns', 'n1', '10.0.1.53', { labels: { 'k8s-app': 'kube-dns' } }),
];
const ingress = (...rules: JsonObject[]) => policy('web', { ingress: rules });
const fromPeers = (...peers: JsonObject[]) => ingress({ fromEndpoints: peers });
const NS = 'k8s:io.kubernetes.pod.namespace';
const FACTION = 'io.cilium.k8s.namespace.labels.faction';
const ACCOUNT = {
  endpointSelector: labelled({ 'io.cilium.k8s.policy.serviceaccount': 'leia' }),
  ingress: [
    {
      fromEndpoints: [labelled({ 'io.cilium.k8s.policy.serviceaccount': 'luke' })],
      toPorts: ports('80', { http: [{ method: 'GET', path: '/public$' }] }),
    },
  ],
};
const EVERY_POD = clusterwide('x', { endpointSelector: labelled({ app: 'web' }), ingress: [{ fromEndpoints: [labelled({ app: 'a' })] }] });
const IN = (...values: string[]) => fromPeers({ matchExpressions: [{ key: 'app', operator: 'In', values }] });

export const KUBERNETES: Page = {
  title: 'Namespaces, service accounts and kinds (kubernetes.rst, policy.rst, concepts.rst)',
  claims: [
    claim(
      `${K8S}:41`,
      'an empty peer in a namespaced policy takes pods of the namespace',
      ask([...CLUSTER, fromPeers({})], 'shop/a', 'shop/web', '80'),
      `${OPEN} → ${RULE}`,
    ),
    claim(`${K8S}:48`, 'and of no other', ask([...CLUSTER, fromPeers({})], 'other/a', 'shop/web', '80'), `${OPEN} → ${CLOSED}`),
    claim(
      `${K8S}:47`,
      'pods of a closed namespace may still go out',
      ask([...CLUSTER, fromPeers({})], 'shop/web', 'other/a', '80'),
      `${OPEN} → ${OPEN}`,
    ),
    claim(
      `${K8S}:60`,
      'a namespaced policy selects pods of its namespace only',
      ask([...CLUSTER, ingress({})], 'shop/a', 'other/web', '80'),
      `${OPEN} → ${OPEN}`,
    ),
    claim(
      `${K8S}:61`,
      'access can be given to pods of another namespace',
      ask([...CLUSTER, fromPeers(labelled({ [NS]: 'other', app: 'a' }))], 'other/a', 'shop/web', '80'),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      `${K8S}:82`,
      'with the label of the namespace',
      ask([...CLUSTER, fromPeers(labelled({ [NS]: 'other', app: 'a' }))], 'shop/a', 'shop/web', '80'),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${K8S}:86`,
      'the namespace in `endpointSelector` is prohibited',
      ask(
        [...CLUSTER, policy('web', { endpointSelector: labelled({ app: 'web', [NS]: 'other' }), ingress: [{}] })],
        'shop/a',
        'shop/web',
        '80',
      ),
      `${OPEN} → ${CLOSED}`,
      differs('it is overwritten by the namespace of the policy: `pkg/k8s/apis/cilium.io/utils/utils.go`'),
    ),
    claim(
      `${K8S}:88`,
      '`endpointSelector` applies to the namespace of the policy',
      ask(
        [...CLUSTER, policy('web', { endpointSelector: labelled({ app: 'web', [NS]: 'other' }), ingress: [{}] })],
        'shop/a',
        'other/web',
        '80',
      ),
      `${OPEN} → ${OPEN}`,
    ),
    claim(
      `${K8S}:106`,
      'peers can be selected by labels of their namespace',
      ask([...CLUSTER, fromPeers(labelled({ [FACTION]: 'alliance' }))], 'shop/a', 'shop/web', '80'),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      `${K8S}:115`,
      'such a peer is not limited to the namespace of the policy',
      ask([...CLUSTER, fromPeers(labelled({ [FACTION]: 'alliance' }))], 'ally/a', 'shop/web', '80'),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      `${K8S}:115`,
      'a namespace without the label is closed',
      ask([...CLUSTER, fromPeers(labelled({ [FACTION]: 'alliance' }))], 'other/a', 'shop/web', '80'),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${K8S}:108`,
      'also in clusterwide policies',
      ask(
        [
          ...CLUSTER,
          clusterwide('x', {
            endpointSelector: labelled({ app: 'web' }),
            ingress: [{ fromEndpoints: [labelled({ [FACTION]: 'alliance' })] }],
          }),
        ],
        'other/a',
        'other/web',
        '80',
      ),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${K8S}:140`,
      'the values of one expression must all hold',
      ask([...CLUSTER, IN('a', 'b')], 'shop/a', 'shop/web', '80'),
      `${OPEN} → ${RULE}`,
      differs('a label has one value, and `In` takes any of the list: `pkg/k8s/slim/k8s/apis/labels/selector.go`'),
    ),
    claim(
      `${K8S}:141`,
      'several peers are alternatives',
      ask(
        [
          ...CLUSTER,
          fromPeers(
            { matchExpressions: [{ key: 'app', operator: 'In', values: ['x'] }] },
            { matchExpressions: [{ key: 'tier', operator: 'In', values: ['gold'] }] },
          ),
        ],
        'shop/b',
        'shop/web',
        '80',
      ),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      `${K8S}:155`,
      'the expressions of one peer must all hold',
      ask(
        [
          ...CLUSTER,
          fromPeers({
            matchExpressions: [
              { key: 'app', operator: 'In', values: ['x'] },
              { key: 'tier', operator: 'In', values: ['gold'] },
            ],
          }),
        ],
        'shop/b',
        'shop/web',
        '80',
      ),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${K8S}:189`,
      'pods are selected by their service account',
      ask([...CLUSTER, policy('web', ACCOUNT)], 'shop/a', 'shop/web', '80', http('GET /public')),
      `${OPEN} → allowed by rule to http, http allowed`,
    ),
    claim(
      `${K8S}:189`,
      'with one request',
      ask([...CLUSTER, policy('web', ACCOUNT)], 'shop/a', 'shop/web', '80', http('GET /private')),
      `${OPEN} → allowed by rule to http, http denied`,
    ),
    claim(
      `${K8S}:189`,
      'and not by another account',
      ask([...CLUSTER, policy('web', ACCOUNT)], 'shop/b', 'shop/web', '80'),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${K8S}:204`,
      'the name of the cluster is a label',
      ask([...CLUSTER, fromPeers(labelled({ 'io.cilium.k8s.policy.cluster': 'cluster1' }))], 'shop/a', 'shop/web', '80', {
        config: { 'cluster-name': 'cluster1' },
      }),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      `${K8S}:205`,
      'that limits policies to it',
      ask([...CLUSTER, fromPeers(labelled({ 'io.cilium.k8s.policy.cluster': 'cluster2' }))], 'shop/a', 'shop/web', '80', {
        config: { 'cluster-name': 'cluster1' },
      }),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${K8S}:216`,
      'without a namespace a peer is of the namespace of the policy',
      ask([...CLUSTER, fromPeers(labelled({ app: 'a', 'io.cilium.k8s.policy.cluster': 'default' }))], 'other/a', 'shop/web', '80'),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${K8S}:218`,
      '`Exists` takes any namespace',
      ask([...CLUSTER, fromPeers({ matchExpressions: [{ key: NS, operator: 'Exists' }] })], 'other/a', 'shop/web', '80'),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      `${K8S}:232`,
      'a clusterwide policy selects pods of all namespaces',
      ask([...CLUSTER, EVERY_POD], 'shop/b', 'other/web', '80'),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(`${K8S}:232`, 'and peers of all namespaces', ask([...CLUSTER, EVERY_POD], 'other/a', 'shop/web', '80'), `${OPEN} → ${RULE}`),
    claim(
      `${K8S}:241`,
      'an empty peer of a clusterwide policy takes all endpoints',
      ask(
        [
          ...CLUSTER,
          clusterwide('x', {
            endpointSelector: labelled({ 'k8s-app': 'kube-dns' }),
            ingress: [{ fromEndpoints: [{}], toPorts: ports('53/UDP') }],
          }),
        ],
        'other/a',
        'kube-system/dns',
        '53/UDP',
      ),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      `${K8S}:252`,
      'rules for the health endpoint open it',
      ask(
        [
          ...CLUSTER,
          clusterwide('x', {
            endpointSelector: { matchLabels: { 'reserved:health': '' } },
            ingress: [{ fromEntities: ['remote-node'] }],
            egress: [{ toEntities: ['remote-node'] }],
          }),
        ],
        'entity:remote-node',
        'entity:health',
        '4240',
        { config: { 'enable-policy': 'always' } },
      ),
      `n/a → ${RULE}`,
    ),
    claim(
      `${POLICY}:19`,
      'NetworkPolicies count',
      ask(
        [...CLUSTER, networkPolicy('web', { ingress: [{ from: [{ podSelector: labelled({ app: 'a' }) }] }] })],
        'shop/b',
        'shop/web',
        '80',
      ),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${POLICY}:34`,
      'with policies of Cilium: all rules add up',
      ask(
        [
          ...CLUSTER,
          networkPolicy('web', { ingress: [{ from: [{ podSelector: labelled({ app: 'a' }) }] }] }),
          fromPeers(labelled({ app: 'b' })),
        ],
        'shop/b',
        'shop/web',
        '80',
      ),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      `${POLICY}:51`,
      '`ipBlock` does not match pods',
      ask([...CLUSTER, networkPolicy('web', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] })], 'shop/a', 'shop/web', '80'),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${POLICY}:51`,
      'unless `policy-cidr-match-mode` says so, here for nodes',
      ask(
        [...CLUSTER, networkPolicy('web', { ingress: [{ from: [{ ipBlock: { cidr: '192.168.0.0/16' } }] }] })],
        'ip:192.168.1.2',
        'shop/web',
        '80',
        { config: { 'policy-cidr-match-mode': 'nodes' } },
      ),
      `n/a → ${RULE}`,
    ),
    unasked(
      `${POLICY}:58`,
      'ClusterNetworkPolicies are supported since 1.20',
      'they are not judged: answers that one could turn are unknown',
    ),
    unasked(`${POLICY}:78`, 'their tiers come before and after all other policies', 'they are not judged'),
    claim(
      `${POLICY}:145`,
      'a clusterwide policy has no namespace, and the same rules',
      ask([...CLUSTER, EVERY_POD], 'other/a', 'other/web', '80'),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      'network/kubernetes/concepts.rst:74',
      'the node may check the health of its pods',
      ask([...CLUSTER, ingress({})], 'node:n1', 'shop/web', '80'),
      'n/a → allowed by localhost',
    ),
    unasked(
      'network/kubernetes/concepts.rst:39',
      'pods from before Cilium have the old network',
      'the inventory does not say so: `entity:unmanaged` stands for one',
    ),
  ],
};

const LOCAL_WEB = policy('a', { egress: [{ toEndpoints: [labelled({ app: 'web' })] }] });
const MESHED = { config: { 'cluster-id': '1', 'cluster-name': 'cluster1' } };
const global = (annotations: Readonly<Record<string, string>>) =>
  ask([...CLUSTER, service({}, { annotations }), LOCAL_WEB], 'shop/a', 'service:shop/web', '80', MESHED);

export const CLUSTERS: Page = {
  title: 'Cluster mesh (clustermesh/policy.rst, global-services.rst, affinity.rst)',
  claims: [
    unasked(`${MESH}:19`, 'policies of a cluster see endpoints of the others', 'only pods of one cluster can be asked about'),
    claim(
      `${MESH}:46`,
      'a peer of another cluster is named by the label of the cluster',
      ask(
        [...CLUSTER, policy('a', { egress: [{ toEndpoints: [labelled({ app: 'web', 'io.cilium.k8s.policy.cluster': 'cluster2' })] }] })],
        'shop/a',
        'shop/web',
        '80',
        MESHED,
      ),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${MESH}:49`,
      'without the label, peers are of the local cluster',
      ask([...CLUSTER, LOCAL_WEB], 'shop/a', 'shop/web', '80', MESHED),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${MESH}:56`,
      '`Exists` takes any cluster',
      ask(
        [
          ...CLUSTER,
          policy('a', {
            egress: [
              {
                toEndpoints: [
                  { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'io.cilium.k8s.policy.cluster', operator: 'Exists' }] },
                ],
              },
            ],
          }),
        ],
        'shop/a',
        'shop/web',
        '80',
        MESHED,
      ),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${GLOBAL}:19`,
      'a global Service has backends in other clusters',
      global({ 'service.cilium.io/global': 'true' }),
      'unknown → unknown',
    ),
    claim(`${GLOBAL}:19`, 'a Service without the annotation has not', global({}), `${RULE} → ${OPEN}`),
    claim(`${GLOBAL}:21`, 'the value of the annotation has any case', global({ 'service.cilium.io/global': 'True' }), 'unknown → unknown'),
    claim(
      `${GLOBAL}:47`,
      'a Service that is not shared still has remote backends',
      global({ 'service.cilium.io/global': 'true', 'service.cilium.io/shared': 'false' }),
      'unknown → unknown',
    ),
    claim(
      `${GLOBAL}:200`,
      'a Service that is not global in one cluster is local there',
      global({ 'service.cilium.io/global': 'false', 'service.cilium.io/shared': 'true' }),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      'network/clustermesh/affinity.rst:25',
      'with affinity `local`, remote backends are used only without healthy local ones',
      global({ 'service.cilium.io/global': 'true', 'service.cilium.io/affinity': 'local' }),
      'unknown → unknown',
    ),
    unasked(`${GLOBAL}:206`, 'services of a cluster that is not reachable stay for a time', 'time is not judged'),
  ],
};
