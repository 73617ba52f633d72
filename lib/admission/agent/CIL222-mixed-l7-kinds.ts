import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL222',
  name: 'mixed-l7-kinds',
  severity: 'error',
  stage: 'agent',
  summary: 'L7 rules of two kinds for one port',
  why: 'The agent rejects the whole policy, because only one proxy handles a connection. The API server already rejects such a policy (CIL110).',
  source: 'cilium `pkg/policy/api/rule_validation.go`, L7Rules.sanitize',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "53"
                protocol: TCP
            rules:
              dns:
                - matchPattern: "*"
              http:
                - method: GET
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "53"
                protocol: TCP
            rules:
              dns:
                - matchPattern: "*"
          - ports:
              - port: "80"
                protocol: TCP
            rules:
              http:
                - method: GET
  `),
  visit: {
    portRule({ value, l7, l7Rules, at }, { minor, report }) {
      if (l7Rules === 0) {
        return;
      }
      const { l7proto } = (value.rules ?? {}) as { readonly l7proto?: unknown };
      const hasProto = minor !== '1.20' && typeof l7proto === 'string' && l7proto !== '';
      const kinds = [...Object.keys(l7).filter((kind) => kind !== 'l7'), ...(hasProto ? ['l7proto'] : [])];
      if (kinds.length > 1) {
        report(
          {
            message: `${kinds.map((kind) => `\`${kind}\``).join(' and ')} are mutually exclusive`,
            help: 'write one entry of `toPorts` for each',
          },
          at,
          'rules',
        );
      }
    },
  },
};
