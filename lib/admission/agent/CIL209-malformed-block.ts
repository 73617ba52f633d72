import { below, PathLink } from '../../model/path';
import { isAddress } from '../../net/address';
import { parsePrefix } from '../../net/prefix';
import type { CheckContext, AgentCheck } from '../check';
import { cnp } from '../example';
import { writeValue } from '../fix';

export const check: AgentCheck = {
  code: 'CIL209',
  name: 'malformed-block',
  severity: 'error',
  stage: 'agent',
  summary: 'a CIDR that the agent cannot read',
  why:
    'The agent rejects the whole policy. It reads CIDRs more strictly than the API server, which accepts leading zeros: `10.0.0.0/08` is ' +
    'stored, but has no effect.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, CIDR.sanitize and CIDRRule.sanitize; Go `netip.ParsePrefix`',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toCIDR:
          - 10.0.0.0/08
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toCIDR:
          - 10.0.0.0/8
  `),
  visit: {
    cidr({ text, at }, agent) {
      // The agent reads an address, even one with a zone, as a prefix of one address. The API server already rejects both.
      if (!isAddress(text)) {
        validate(text, at, agent);
      }
    },
    cidrRule({ cidr, group, selector, except, at }, agent) {
      if (cidr === '' || group !== '' || selector !== undefined) {
        return;
      }
      validate(cidr, below(at, 'cidr'), agent);
      except.forEach((exception) => validate(exception.text, exception.at, agent));
    },
  },
};

function validate(text: string, at: PathLink, { report }: CheckContext): void {
  const parsed = parsePrefix(text);
  if (parsed.ok) {
    return;
  }
  const fixed = text.replace(/\/0+(?=[0-9])/, '/');
  const fix = fixed !== text && parsePrefix(fixed).ok ? writeValue(fixed) : undefined;
  report({ message: parsed.problem, help: parsed.help, fix }, at);
}
