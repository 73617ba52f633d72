import { isSince } from '../../crd/minor';
import { containsAddress, contains, parsePrefix } from '../../net/prefix';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL210',
  name: 'hole-outside-block',
  severity: 'error',
  stage: 'agent',
  summary: 'an `except` prefix that is not inside its CIDR',
  why:
    'The agent rejects the whole policy. An `except` prefix excludes addresses only from the `cidr` of its own entry. Up to Cilium 1.19, the ' +
    'agent accepts a prefix that begins inside the CIDR but is wider. The rule then allows nothing.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, CIDRRule.sanitize; cilium/cilium#44614',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toCIDRSet:
          - cidr: 10.0.0.0/8
            except:
              - 192.168.0.0/16
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
    cidrRule({ cidr, group, selector, except }, { minor, report }) {
      const block = parsePrefix(cidr);
      if (!block.ok || group !== '' || selector !== undefined) {
        return;
      }
      for (const { text, at } of except) {
        const exception = parsePrefix(text);
        const isInside =
          exception.ok && (isSince(minor, '1.20') ? contains(block.value, exception.value) : containsAddress(block.value, text));
        if (exception.ok && !isInside) {
          report(
            { message: `\`except\` prefix \`${text}\` is not inside \`${cidr}\``, help: 'write a prefix that is part of the CIDR' },
            at,
          );
        }
      }
    },
  },
};
