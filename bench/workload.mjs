/** A cluster and its policies: nodes of 20 pods, namespaces of 50, and policies of five shapes. With `replicas`, as many pods have the same labels. */
const NAMESPACE_SIZE = 50;
const NODE_SIZE = 20;
const TIERS = ['web', 'api', 'db', 'cache'];

export function nodesOf(podCount) {
  return Array.from({ length: Math.ceil(podCount / NODE_SIZE) }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `node-${i}` },
    status: { addresses: [{ type: 'InternalIP', address: `172.16.${i >> 8}.${i & 255}` }] },
  }));
}

/** Pods in tenants of fifty, of workloads with their own labels. */
export function podsOf(count, replicas = 1) {
  return Array.from({ length: count }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `pod-${i}`,
      namespace: namespaceOf(i),
      labels: { app: `app-${appOf(i, replicas)}`, tier: TIERS[appOf(i, replicas) % TIERS.length] },
    },
    spec: {
      nodeName: `node-${Math.floor(i / NODE_SIZE)}`,
      containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 8000 + (appOf(i, replicas) % 3) }] }],
    },
  }));
}

function appOf(i, replicas) {
  return Math.floor(i / replicas);
}

export function namespaceOf(i) {
  return `tenant-${Math.floor(i / NAMESPACE_SIZE)}`;
}

/** Policies as teams write them, with their own pods, a neighbour, FQDNs, CIDRs and requests, and some baselines for all pods. */
export function policiesOf(count, podCount, replicas = 1) {
  const apps = Math.ceil(podCount / replicas);
  return Array.from({ length: count }, (_, i) => {
    const own = i % apps;
    const app = `app-${own}`;
    const peer = `app-${(own + 1) % apps}`;
    const spec = [
      { endpointSelector: labels({ app }), ingress: [{ fromEndpoints: [labels({ app: peer })], toPorts: ports('5432') }] },
      {
        endpointSelector: labels({ app }),
        egress: [
          { toEndpoints: [labels({ tier: 'db' })], toPorts: ports('5432') },
          { toFQDNs: [{ matchName: `${app}.example.com` }], toPorts: ports('443') },
        ],
      },
      {
        endpointSelector: labels({ app }),
        ingress: [
          {
            fromEndpoints: [labels({ tier: 'web' })],
            toPorts: [{ ...ports('80')[0], rules: { http: [{ method: 'GET', path: '/v1/.*' }] } }],
          },
        ],
      },
      {
        endpointSelector: labels({ app }),
        egress: [{ toCIDRSet: [{ cidr: `10.${i % 250}.0.0/16`, except: [`10.${i % 250}.3.0/24`] }] }],
        egressDeny: [{ toEntities: ['host'] }],
      },
      { endpointSelector: labels({ tier: 'web' }), egress: [{ toEndpoints: [{}], toPorts: ports('http') }] },
    ][i % 5];
    return {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: `policy-${i}`, namespace: namespaceOf(own * replicas) },
      spec,
    };
  });
}

/** Labels of pods of a large company: each pod has its own label set, and belongs to a team, a stage and a zone that it shares with many others. */
const TEAMS = 500;
const STAGES = ['dev', 'test', 'prod'];
const ZONES = ['a', 'b', 'c', 'd', 'e'];

export function companyPodsOf(count) {
  return podsOf(count).map((pod, i) => ({
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, team: `team-${i % TEAMS}`, stage: STAGES[i % 3], zone: ZONES[i % 5] } },
  }));
}

/**
 * Policies of which half are those of teams in their namespaces, and half are of the whole cluster: they select a team, and their peers are thousands
 * of pods of all namespaces, told apart by what they are and by what they are not.
 */
export function companyPoliciesOf(count, podCount) {
  const half = Math.floor(count / 2);
  const clusterwide = Array.from({ length: count - half }, (_, i) => {
    const [own, peer] = [`team-${i % TEAMS}`, `team-${(i * 7 + 1) % TEAMS}`];
    const [stage, zone, tier] = [STAGES[i % 3], ZONES[i % 5], TIERS[i % 4]];
    const outside = { key: 'team', operator: 'NotIn', values: [own, peer] };
    const spec = [
      { endpointSelector: labels({ team: own, stage }), ingress: [{ fromEndpoints: [labels({ stage, tier })], toPorts: ports('8080') }] },
      {
        endpointSelector: labels({ team: own }),
        egress: [{ toEndpoints: [{ matchLabels: { stage, zone }, matchExpressions: [outside] }], toPorts: ports('443') }],
      },
      { endpointSelector: labels({ team: own, tier }), ingressDeny: [{ fromEndpoints: [labels({ zone, stage: 'dev' })] }] },
      { endpointSelector: labels({ zone, team: own }), egress: [{ toEntities: ['cluster'], toPorts: ports('53') }] },
    ][i % 4];
    return { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: `company-${i}` }, spec };
  });
  return [...policiesOf(half, podCount), ...clusterwide];
}

export function labels(matchLabels) {
  return { matchLabels };
}

export function ports(port) {
  return [{ ports: [{ port, protocol: 'TCP' }] }];
}
