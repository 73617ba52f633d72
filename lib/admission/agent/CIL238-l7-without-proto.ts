import type { AgentCheck } from '../check';
import { cnp, inMinor } from '../example';

export const check: AgentCheck = {
  code: 'CIL238',
  name: 'l7-without-proto',
  severity: 'error',
  stage: 'agent',
  minors: ['1.18', '1.19'],
  summary: '`l7` without `l7proto`, or with an empty key',
  why: 'The agent rejects the whole policy, because it does not know which parser the rules are for. Cilium 1.20 no longer has these two fields.',
  source: 'cilium `pkg/policy/api/rule_validation.go` and `l7.go` (1.19), L7Rules.sanitize and PortRuleL7.Sanitize',
  bad: inMinor(
    '1.19',
    cnp(`
      endpointSelector: {}
      ingress:
        - toPorts:
            - ports:
                - port: "4242"
                  protocol: TCP
              rules:
                l7:
                  - cmd: READ
    `),
  ),
  good: inMinor(
    '1.19',
    cnp(`
      endpointSelector: {}
      ingress:
        - toPorts:
            - ports:
                - port: "4242"
                  protocol: TCP
              rules:
                l7proto: r2d2
                l7:
                  - cmd: READ
    `),
  ),
  visit: {
    portRule({ value, l7, l7Rules, at }, { report }) {
      const { l7proto } = (value.rules ?? {}) as { readonly l7proto?: unknown };
      if (l7Rules > 0 && l7.l7 !== undefined && (typeof l7proto !== 'string' || l7proto === '')) {
        report({ message: '`l7` needs `l7proto`', help: 'write the name of the parser' }, at, 'rules', 'l7');
      }
    },
    l7({ value, at }, { report }) {
      if (Object.hasOwn(value, '')) {
        report({ message: 'a key of the rule is empty' }, at);
      }
    },
  },
};
