import { below, PathLink } from '../../model/path';
import { isAddress } from '../../net/address';
import { parsePrefix } from '../../net/prefix';
import type { Agent, AgentCheck } from '../check';
import { cnp } from '../example';
import { writeValue } from '../fix';

export const check: AgentCheck = {
  code: 'CIL209',
  name: 'malformed-block',
  severity: 'error',
  stage: 'agent',
  summary: 'a block of addresses that the agent cannot read',
  why:
    'The agent refuses the whole policy. It reads blocks more strictly than the API server, which takes leading zeros: `10.0.0.0/08` is stored, and then ' +
    'has no effect.',
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
      // The agent reads an address, also one with a zone, as a prefix of one address; the API server rejects both before.
      if (!isAddress(text)) {
        judge(text, at, agent);
      }
    },
    cidrRule({ cidr, group, selector, except, at }, agent) {
      if (cidr === '' || group !== '' || selector !== undefined) {
        return;
      }
      judge(cidr, below(at, 'cidr'), agent);
      except.forEach((hole) => judge(hole.text, hole.at, agent));
    },
  },
};

function judge(text: string, at: PathLink, { report }: Agent): void {
  const parsed = parsePrefix(text);
  if (parsed.ok) {
    return;
  }
  const mended = text.replace(/\/0+(?=[0-9])/, '/');
  const fix = mended !== text && parsePrefix(mended).ok ? writeValue(mended) : undefined;
  report({ message: parsed.problem, help: parsed.help, fix }, at);
}
