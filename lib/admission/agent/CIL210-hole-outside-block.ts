import { isSince } from '../../crd/minor';
import { containsAddress, contains, parsePrefix } from '../../net/prefix';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL210',
  name: 'hole-outside-block',
  severity: 'error',
  stage: 'agent',
  summary: 'an exception that is not inside of its block',
  why:
    'The agent refuses the whole policy. An `except` takes addresses out of the `cidr` beside it, and of no other. Up to Cilium 1.19 one that begins inside ' +
    'of its block and is wider passes, and the rule then allows nothing.',
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
        const hole = parsePrefix(text);
        const isInside = hole.ok && (isSince(minor, '1.20') ? contains(block.value, hole.value) : containsAddress(block.value, text));
        if (hole.ok && !isInside) {
          report(
            { message: `\`${text}\` is not inside of \`${cidr}\``, help: 'an exception takes addresses out of its own block only' },
            at,
          );
        }
      }
    },
  },
};
