import { cnp } from '../../admission/example';
import type { Path } from '../../model/path';
import { pathTo } from '../../model/path';
import type { LabelSelector, Policy } from '../../model/policy';
import type { SetCheck } from '../check';
import { asksForPods } from './asked';
import { KnownCluster } from './known-cluster';
import { nameOf } from './selects-nobody';
import { isVagueAt } from './written-at';

const workload = (isOnHost: boolean): string => `---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: exporter
  namespace: shop
spec:
  template:
    metadata:
      labels:
        app: exporter
    spec:
      hostNetwork: ${isOnHost}
      containers:
        - name: app
`;

const example = (isOnHost: boolean) => ({
  yaml:
    cnp(`
    endpointSelector:
      matchLabels:
        app: exporter
    ingress:
      - fromEndpoints:
          - {}
  `).yaml + workload(isOnHost),
});

export const check: SetCheck = {
  code: 'CIL510',
  name: 'host-network-pods',
  severity: 'warning',
  stage: 'inventory',
  summary: 'a selector that finds only pods in the network of their node, which it does not match',
  why: 'A pod with `hostNetwork: true` has no endpoint and no identity of its own: to Cilium its traffic is that of its node. A policy does not apply to it, and a selector of peers does not match it.',
  limits:
    'Reported only if the inventory has no other pod that fits; a pod that is not given may. Not reported: selectors that only exclude, and namespaces of which the inventory has no pod.',
  source: 'https://docs.cilium.io/en/stable/security/policy/host/; cilium `pkg/k8s/watchers/pod.go`',
  bad: example(true),
  good: example(false),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    for (const policy of cluster?.placed ?? []) {
      for (const { path, ...wording } of onHostsIn(policy, cluster!)) {
        report(policy.resource, wording, undefined, ...path);
      }
    }
  },
};

interface OnHosts {
  readonly path: Path;
  readonly message: string;
  readonly help: string;
}

function onHostsIn({ rules, resource }: Policy, cluster: KnownCluster): readonly OnHosts[] {
  const subjects = [...new Set(rules.flatMap(({ subject: { is, selector } }) => (is === 'endpoints' ? [selector] : [])))];
  const peers = rules.flatMap(({ peers: one }) => (one.is === 'selectors' ? one.selectors : []));
  const ofPeers = peers.flatMap((selector) => (selector.is === 'labels' && selector.ofEndpoints ? [selector] : []));
  const found = (selectors: readonly LabelSelector[], what: string, help: string) =>
    selectors.flatMap((selector): OnHosts[] => {
      const [first] = selector.at === undefined || isVagueAt(resource, ...pathTo(selector.at)) ? [] : firstOnHost(selector, cluster);
      return first === undefined
        ? []
        : [{ path: pathTo(selector.at), message: `${what} only pods in the network of their node, such as ${first}`, help }];
    });
  return [
    ...found(subjects, 'the policy selects', 'select the nodes with `nodeSelector` in a CiliumClusterwideNetworkPolicy'),
    ...found(ofPeers, 'the selector matches', 'name the nodes: the entities `host` and `remote-node`'),
  ];
}

/** The name of the first pod that fits and is on the network of its node, if all are. */
function firstOnHost(selector: LabelSelector, cluster: KnownCluster): readonly string[] {
  if (!asksForPods(selector, cluster.agent) || !cluster.covers(selector) || cluster.podsOf(selector).next().done === false) {
    return [];
  }
  const first = cluster.hostPodsOf(selector).next();
  return first.done === true ? [] : [nameOf(first.value[0])];
}
