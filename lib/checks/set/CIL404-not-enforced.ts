import { tiers } from '../../admission/example';
import { isKnownKind } from '../../crd/minor';
import type { Resource } from '../../model/origin';
import { groupOf } from '../../read/kinds';
import { Agent, switchedOffBy } from '../../resolve/agent';
import { NEVER_ENFORCED } from '../../snapshot/warnings';
import type { SetCheck } from '../check';

export const check: SetCheck = {
  code: 'CIL404',
  name: 'not-enforced',
  severity: 'warning',
  stage: 'set',
  summary: 'a policy of a kind that the agent does not read',
  why: 'Cilium reads ClusterNetworkPolicies since 1.20, if `enable-k8s-cluster-network-policy` is on, and never AdminNetworkPolicies and BaselineAdminNetworkPolicies, which came before them. The API server accepts all of them where it has their CRDs, and nothing happens. The switches of the other kinds count too, where the configuration has them.',
  limits: 'Policies of other network plugins are not reported. Which CRDs the cluster has is not known.',
  source: 'cilium `pkg/k8s/watchers/watcher.go`; `pkg/policy/k8s/cell.go`',
  bad: {
    yaml: `apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata:
  name: example
spec:
  priority: 10
  subject:
    namespaces: {}
  ingress:
    - action: Deny
      from:
        - namespaces: {}
`,
  },
  good: tiers(`
    tier: Admin
    priority: 10
    subject:
      namespaces: {}
    ingress:
      - action: Deny
        from:
          - namespaces: {}
  `),
  inspect({ policies, others, agent }, report) {
    for (const resource of others.filter(isNeverEnforced)) {
      report(
        resource,
        { message: `Cilium does not enforce ${resource.kind}`, help: 'write a ClusterNetworkPolicy, for Cilium 1.20' },
        KIND,
      );
    }
    for (const resource of policies) {
      const reason = reasonFor(resource, agent);
      if (reason !== undefined) {
        report(resource, reason, KIND);
      }
    }
  },
};

const KIND = { step: 'kind', above: undefined };

function isNeverEnforced({ kind, apiVersion }: Resource): boolean {
  return NEVER_ENFORCED.includes(kind) && groupOf(apiVersion) === 'policy.networking.k8s.io';
}

function reasonFor({ kind }: Resource, agent: Agent): { readonly message: string; readonly help: string } | undefined {
  if (!isKnownKind(kind, agent.minor)) {
    return { message: `Cilium ${agent.minor} does not read ${kind}`, help: 'use Cilium 1.20, or write a CiliumClusterwideNetworkPolicy' };
  }
  const key = switchedOffBy(kind, agent);
  return key === undefined
    ? undefined
    : { message: `the agent does not read ${kind}, because \`${key}\` is off`, help: `set \`${key}: 'true'\`, or remove the policy` };
}
