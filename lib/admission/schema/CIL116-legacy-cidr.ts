import type { SchemaCheck } from '../check';
import { networkPolicy } from '../example';
import { writeValue } from '../fix';

export const check: SchemaCheck = {
  code: 'CIL116',
  name: 'legacy-cidr',
  severity: 'warning',
  stage: 'schema',
  // Whether the agent accepts the CIDR is another question.
  echo: 'none',
  summary: 'a CIDR in a NetworkPolicy that Kubernetes rejects since 1.36',
  why:
    'Since Kubernetes 1.36, the API server rejects a new object with a CIDR that has bits set beyond its prefix length, leading zeros, or an IPv4 ' +
    'address in the form of IPv6. Earlier versions accept it, and so does a later version in an object that has it already. Verdicts take it to ' +
    'be accepted.',
  source: 'apimachinery `pkg/util/validation/ip.go`, IsValidCIDRForLegacyField; the feature gate StrictIPCIDRValidation',
  bad: networkPolicy(`
    podSelector: {}
    egress:
      - to:
          - ipBlock:
              cidr: 10.1.2.3/8
  `),
  good: networkPolicy(`
    podSelector: {}
    egress:
      - to:
          - ipBlock:
              cidr: 10.0.0.0/8
  `),
  wordings: {
    doubt: ({ found, problem, help, meant }) => ({
      message: `CIDR \`${found}\` ${problem}, so Kubernetes rejects it since 1.36`,
      help,
      fix: writeValue(meant, 'unsafe'),
    }),
  },
};
