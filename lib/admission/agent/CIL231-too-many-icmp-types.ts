import type { AgentCheck } from '../check';
import { cnp, shownAs } from '../example';

const withFields = (fields: readonly string[]) =>
  cnp(`
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
${fields.join('\n')}
  `);

const field = (type: number) => `              - type: ${type}`;

/** An entry with this many ICMP types. */
const withCount = (count: number) =>
  shownAs(withFields([field(0), '              # …', field(count - 1)]), withFields(Array.from({ length: count }, (_, i) => field(i))));

export const check: AgentCheck = {
  code: 'CIL231',
  name: 'too-many-icmp-types',
  severity: 'error',
  stage: 'agent',
  summary: 'more than 40 ICMP types in one entry of `icmps`',
  why: 'The agent rejects the whole policy. The API server already rejects such a policy (CIL109). Write several entries.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, ICMPRule.verify',
  bad: withCount(41),
  good: withCount(40),
  visit: {
    icmp({ fields: { length }, at }, { report }) {
      if (length > MOST) {
        report({ message: `rule has ${length} ICMP types, the most is ${MOST}`, help: 'write several entries of `icmps`' }, at, 'fields');
      }
    },
  },
};

const MOST = 40;
