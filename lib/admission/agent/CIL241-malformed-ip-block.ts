import { below } from '../../model/path';
import { isAddress } from '../../net/address';
import { parsePrefix } from '../../net/prefix';
import type { AgentCheck } from '../check';
import { networkPolicy } from '../example';

export const check: AgentCheck = {
  code: 'CIL241',
  name: 'malformed-ip-block',
  severity: 'error',
  stage: 'agent',
  minors: ['1.19', '1.20'],
  summary: 'an invalid CIDR in a NetworkPolicy',
  why: 'The agent crashes. Kubernetes already rejects such a policy. The agent of Cilium 1.18 does not crash, but rejects the policy (CIL209).',
  source: 'cilium `pkg/k8s/network_policy.go`, ParseNetworkPolicy; `pkg/policy/types/selector.go`',
  bad: networkPolicy(`
    podSelector: {}
    egress:
      - to:
          - ipBlock:
              cidr: 10.0.0.0/33
  `),
  good: networkPolicy(`
    podSelector: {}
    egress:
      - to:
          - ipBlock:
              cidr: 10.0.0.0/8
  `),
  visit: {
    ipBlock({ cidr, except, at }, { report }) {
      for (const part of [{ text: cidr, at: below(at, 'cidr') }, ...except]) {
        const parsed = parsePrefix(part.text);
        // An address without a prefix length counts as a CIDR of one address.
        if (!parsed.ok && !isAddress(part.text)) {
          report({ message: parsed.problem, help: parsed.help }, part.at);
        }
      }
    },
  },
};
