import { cnp } from '../../admission/example';
import type { Policy } from '../../model/policy';
import type { SetCheck } from '../check';
import { KnownCluster } from './known-cluster';
import { nobodyFor } from './selects-nobody';

const WORKLOAD = `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  namespace: shop
spec:
  template:
    metadata:
      labels:
        app: checkout
    spec:
      containers:
        - name: app
`;

const example = (app: string) => ({
  yaml:
    cnp(`
    endpointSelector: {}
    ingress:
      - fromEndpoints:
          - matchLabels:
              app: ${app}
  `).yaml + WORKLOAD,
});

export const check: SetCheck = {
  code: 'CIL507',
  name: 'peer-selects-nobody',
  severity: 'warning',
  stage: 'inventory',
  summary: 'a selector of peers that matches no pod of the inventory',
  why: "An allow rule whose selector matches no pod opens nothing, and a deny rule closes nothing. A selector of peers without a namespace means pods of the policy's own namespace. It is a warning if a label of a pod differs by a slip, or if the value stands under another of the usual keys for the name of an application. Otherwise it is only informative, and said only where running pods are listed, because charts and operators make pods that no manifest shows.",
  limits:
    'Not reported: selectors of namespaces of which the inventory has no pod, of another cluster and of entities, selectors that only exclude, and labels that the agent does not keep or a kustomization adds. Pods of charts and operators are seen only in a list of running pods.',
  source: 'cilium `pkg/k8s/apis/cilium.io/utils/utils.go`; https://docs.cilium.io/en/stable/security/policy/',
  bad: example('chekout'),
  good: example('checkout'),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    for (const policy of cluster?.placed ?? []) {
      for (const { path, wording } of peersIn(policy, cluster!)) {
        report(policy.resource, wording, undefined, ...path);
      }
    }
  },
};

/** Of a NetworkPolicy, each peer is a rule of its own. */
function peersIn({ rules, resource }: Policy, cluster: KnownCluster) {
  const selectors = rules.flatMap(({ peers }) => (peers.is === 'selectors' ? peers.selectors : peers.is === 'none' ? peers.beside : []));
  const ofPods = selectors.flatMap((selector) => (selector.is === 'labels' && selector.ofEndpoints ? [selector] : []));
  return ofPods.flatMap((selector) => nobodyFor(selector, resource, cluster, 'the selector matches none of the given pods') ?? []);
}
