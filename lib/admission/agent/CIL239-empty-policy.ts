import type { AgentCheck } from '../check';
import { cnp, inMinor } from '../example';

const metadata = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: example\n  namespace: shop\n';

export const check: AgentCheck = {
  code: 'CIL239',
  name: 'empty-policy',
  severity: 'error',
  stage: 'agent',
  summary: 'a policy with neither `spec` nor `specs`, or without a name',
  why: 'The agent rejects the policy, although up to Cilium 1.19 the API server stores it. An empty `specs` list is accepted, but has no effect.',
  source: 'cilium `pkg/k8s/apis/cilium.io/v2/cnp_types.go`, CiliumNetworkPolicy.Parse',
  bad: inMinor('1.19', { yaml: metadata }),
  good: inMinor(
    '1.19',
    cnp(`
      endpointSelector: {}
      ingress:
        - {}
    `),
  ),
  visit: {
    policy({ name, hasSpec, hasSpecs, at }, { report }) {
      if (name === '') {
        report({ message: 'the policy has no name', help: 'write `metadata.name`' }, at, 'metadata');
      }
      if (!hasSpec && !hasSpecs) {
        report({ message: 'the policy has neither `spec` nor `specs`', help: 'write `spec`' }, at);
      }
    },
  },
};
