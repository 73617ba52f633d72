import { isIPv4, isIPv6 } from 'node:net';
import { parsePrefix } from '../../net/prefix';
import type { Agent, AgentCheck } from '../check';
import { cnp } from '../example';
import { writeValue } from '../fix';
import type { Place } from './parts';

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
    cidr({ text, place }, agent) {
      // A bare address counts as a block of one, what stands behind `%` as its zone; the API server stops both.
      if (!isIPv4(text) && !isIPv6(text.replace(/%[^]+$/, ''))) {
        judge(text, place, agent);
      }
    },
    cidrRule({ cidr, group, hasSelector, except, place }, agent) {
      if (cidr === '' || group !== '' || hasSelector) {
        return;
      }
      judge(cidr, { step: 'cidr', above: place }, agent);
      except.forEach((hole) => judge(hole.text, hole.place, agent));
    },
  },
};

function judge(text: string, place: Place, { report }: Agent): void {
  const parsed = parsePrefix(text);
  if (parsed.ok) {
    return;
  }
  const mended = text.replace(/\/0+(?=[0-9])/, '/');
  const fix = mended !== text && parsePrefix(mended).ok ? writeValue(mended) : undefined;
  report({ message: parsed.problem, help: parsed.help, fix }, place);
}
