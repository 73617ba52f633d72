import { parsePort } from '../../net/port';
import type { AgentCheck } from '../check';
import { cnp } from '../example';
import { takesNoPort } from './protocols';

export const check: AgentCheck = {
  code: 'CIL214',
  name: 'port-of-portless-protocol',
  severity: 'error',
  stage: 'agent',
  minors: ['1.19', '1.20'],
  summary: 'a port for a protocol that has no ports',
  why: 'The agent rejects the whole policy. VRRP, IGMP, GRE, IPIP, IPV6, ESP and AH have no ports. Leave the port out, or write `"0"`.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, PortProtocol.sanitize',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "112"
                protocol: VRRP
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "0"
                protocol: VRRP
  `),
  visit: {
    port({ port, protocol, at }, { minor, report }) {
      const parsed = parsePort(port);
      const isName = parsed.ok && parsed.value.is === 'name';
      // The agent accepts a port name, which then has no effect.
      if (port !== '' && port !== '0' && !isName && takesNoPort(protocol, minor)) {
        report(
          { message: `${protocol} has no ports, but the port is \`${port}\``, help: 'leave the port out, or write `"0"`' },
          at,
          'port',
        );
      }
    },
  },
};
