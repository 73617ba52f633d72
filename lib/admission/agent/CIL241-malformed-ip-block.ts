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
  summary: 'the block of a NetworkPolicy is none',
  why: 'The agent crashes. Kubernetes stops such a policy before. Cilium 1.18 refuses it (CIL209).',
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
        // A bare address counts as a block of one.
        if (!parsed.ok && !isAddress(part.text)) {
          report({ message: parsed.problem, help: parsed.help }, part.at);
        }
      }
    },
  },
};
