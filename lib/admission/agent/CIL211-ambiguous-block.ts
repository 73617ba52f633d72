import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL211',
  name: 'ambiguous-block',
  severity: 'error',
  stage: 'agent',
  summary: 'an entry of a CIDR set with no CIDR or group, or with several',
  why:
    'The agent rejects the whole policy. An entry has exactly one of `cidr`, `cidrGroupRef` and `cidrGroupSelector`. An empty string counts as ' +
    'absent.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, CIDRRule.sanitize',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toCIDRSet:
          - except:
              - 10.96.0.0/12
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toCIDRSet:
          - cidr: 10.0.0.0/8
            except:
              - 10.96.0.0/12
  `),
  visit: {
    cidrRule({ cidr, group, selector, at }, { report }) {
      const named = [cidr !== '', group !== '', selector !== undefined].filter(Boolean).length;
      if (named !== 1) {
        const message = named === 0 ? 'the entry has no CIDR and no CIDR group' : 'the entry has more than one CIDR or CIDR group';
        report({ message, help: 'write exactly one of `cidr`, `cidrGroupRef` and `cidrGroupSelector`' }, at);
      }
    },
  },
};
