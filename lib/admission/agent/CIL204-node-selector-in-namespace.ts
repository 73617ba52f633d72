import type { AgentCheck } from '../check';
import { ccnp, cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL204',
  name: 'node-selector-in-namespace',
  severity: 'error',
  stage: 'agent',
  summary: 'a namespaced policy that selects nodes',
  why: 'The agent rejects the whole policy, because nodes are not in a namespace. The status of the policy may still say that it is valid.',
  source: 'cilium `pkg/k8s/apis/cilium.io/v2/cnp_types.go`, CiliumNetworkPolicy.Parse; cilium/cilium#47882',
  bad: cnp(`
    nodeSelector: {}
    ingress:
      - {}
  `),
  good: ccnp(`
    nodeSelector: {}
    ingress:
      - fromEntities: [cluster]
  `),
  visit: {
    spec({ policy, isHost, at }, { report }) {
      if (isHost && policy.kind === 'CiliumNetworkPolicy' && policy.namespace !== '') {
        report({ message: 'a namespaced policy cannot select nodes', help: 'write a CiliumClusterwideNetworkPolicy' }, at, 'nodeSelector');
      }
    },
  },
};
