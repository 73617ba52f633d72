import { parseRegex } from '../../net/regex';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL223',
  name: 'malformed-regex',
  severity: 'error',
  stage: 'agent',
  summary: 'a path or method that is not a valid regular expression',
  why: 'The agent rejects the whole policy. Both fields are RE2 regular expressions: no look-around, no back-references, and repeats up to 1000.',
  source: 'cilium `pkg/policy/api/http.go`, PortRuleHTTP.Sanitize',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
            rules:
              http:
                - path: "/(?!admin).*"
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
            rules:
              http:
                - path: "/public/.*"
  `),
  visit: {
    http({ value, at }, { report }) {
      for (const field of ['path', 'method']) {
        const text = value[field];
        const parsed = typeof text === 'string' ? parseRegex(text) : undefined;
        if (parsed !== undefined && !parsed.ok) {
          report({ message: parsed.problem, help: parsed.help }, at, field);
        }
      }
    },
  },
};
