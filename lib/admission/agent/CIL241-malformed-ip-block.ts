import { below } from '../../model/path';
import type { TextPart } from '../../model/written';
import { isAddress, parseAddress } from '../../net/address';
import { parsePrefix } from '../../net/prefix';
import type { AgentCheck, CheckContext } from '../check';
import { networkPolicy } from '../example';

export const check: AgentCheck = {
  code: 'CIL241',
  name: 'malformed-ip-block',
  severity: 'error',
  stage: 'agent',
  minors: ['1.19', '1.20'],
  summary: 'an invalid CIDR in a NetworkPolicy or a ClusterNetworkPolicy',
  why: 'The agent crashes. Kubernetes already rejects such a policy. The agent of Cilium 1.18 does not crash, but rejects the policy (CIL209).',
  source: 'cilium `pkg/k8s/network_policy.go`, ParseNetworkPolicy; `pkg/k8s/cluster_network_policy.go`; `pkg/policy/types/selector.go`',
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
    ipBlock({ cidr, except, at }, agent) {
      validate({ text: cidr, at: below(at, 'cidr') }, agent, isAddress);
      except.forEach((part) => validate(part, agent, isAddress));
    },
    // The agent reads a zone here, but then fails to write the address with a length.
    tierNetwork: (part, agent) => validate(part, agent, (text) => parseAddress(text) !== undefined),
  },
};

/** An address without a prefix length counts as a CIDR of one address. */
function validate({ text, at }: TextPart, { report }: CheckContext, isOneAddress: (text: string) => boolean): void {
  const parsed = parsePrefix(text);
  if (!parsed.ok && !isOneAddress(text)) {
    report({ message: parsed.problem, help: parsed.help }, at);
  }
}
