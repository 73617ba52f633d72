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
    endpointSelector:
      matchLabels:
        app: ${app}
    ingress:
      - fromEndpoints:
          - {}
  `).yaml + WORKLOAD,
});

export const check: SetCheck = {
  code: 'CIL506',
  name: 'subject-selects-nobody',
  severity: 'warning',
  stage: 'inventory',
  summary: 'a policy that selects no pod of the inventory',
  why: 'A policy whose selector matches no pod does nothing: the pods that it was meant for stay open. It is a warning if a label of a pod differs by a slip, or if the value stands under another of the usual keys for the name of an application. Otherwise it is only informative, and said only where running pods are listed, because charts and operators make pods that no manifest shows.',
  limits:
    'Not reported: policies of namespaces of which the inventory has no pod, selectors that only exclude, and labels that the agent does not keep or a kustomization adds. Pods of charts and operators are seen only in a list of running pods.',
  source: 'cilium `pkg/policy/types/selector.go`; https://docs.cilium.io/en/stable/security/policy/',
  bad: example('chekout'),
  good: example('checkout'),
  inspect(given, report) {
    const cluster = KnownCluster.of(given);
    for (const policy of cluster?.placed ?? []) {
      for (const { path, wording } of subjectsIn(policy, cluster!)) {
        report(policy.resource, wording, undefined, ...path);
      }
    }
  },
};

function subjectsIn({ rules, resource }: Policy, cluster: KnownCluster) {
  const selectors = new Map(
    rules.flatMap(({ subject: { is, selector } }) => (is === 'endpoints' ? [[selector.at, selector] as const] : [])),
  );
  return [...selectors.values()].flatMap(
    (selector) => nobodyFor(selector, resource, cluster, 'the policy selects none of the given pods') ?? [],
  );
}
