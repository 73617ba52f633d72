import type { PathLink } from '../../model/path';
import type { CheckContext, AgentCheck } from '../check';
import { cnp } from '../example';
import { protocolsOf } from './protocols';

export const check: AgentCheck = {
  code: 'CIL215',
  name: 'unknown-protocol',
  severity: 'error',
  stage: 'agent',
  summary: 'an unknown protocol',
  why: 'The agent rejects the whole policy. ICMP is not a protocol of a port. Write ICMP types under `icmps`.',
  source: 'cilium `pkg/policy/api/l4.go`, L4Proto.Validate',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "0"
                protocol: ICMP
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
              - type: EchoRequest
  `),
  visit: {
    port({ protocol, at }, agent) {
      validate(protocol, { step: 'protocol', above: at }, agent);
    },
    protocol({ text, at }, agent) {
      validate(text, at, agent);
    },
  },
};

function validate(protocol: string, at: PathLink, { minor, report }: CheckContext): void {
  const known = protocolsOf(minor);
  if (protocol !== '' && !known.includes(protocol.toUpperCase())) {
    const help = /^icmp/i.test(protocol) ? 'write `icmps` in a separate rule' : `write one of ${known.join(', ')}`;
    report({ message: `unknown protocol \`${protocol}\``, help }, at);
  }
}
