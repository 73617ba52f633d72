import { isSince, Minor } from '../../crd/minor';
import type { PathLink } from '../../model/path';
import { parseSelectorKey } from '../../net/label';
import type { Agent, AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL205',
  name: 'malformed-selector-key',
  severity: 'error',
  stage: 'agent',
  summary: 'the key of a selector is no label key',
  why:
    'The agent refuses the whole policy. A key is `key` or `source:key`, and the key a label key of Kubernetes. Up to Cilium 1.19 the agent writes the ' +
    'source before the key and judges what comes of it, so a bare key has at most 59 characters there.',
  source: 'cilium `pkg/labels/validation.go` (1.20), `pkg/policy/api/selector.go` (before)',
  bad: cnp(`
    endpointSelector:
      matchLabels:
        "app:": web
    ingress:
      - {}
  `),
  good: cnp(`
    endpointSelector:
      matchLabels:
        k8s:app: web
    ingress:
      - {}
  `),
  visit: {
    selector({ labels, expressions, prefix, at }, agent) {
      labels.forEach(([key]) => judge(key, prefix, agent, at, 'matchLabels', key));
      expressions.forEach(({ key }, i) => judge(key, prefix, agent, at, 'matchExpressions', i, 'key'));
    },
  },
};

function judge(key: string, prefix: string, { minor, report }: Agent, at: PathLink, ...field: readonly (string | number)[]): void {
  const parsed = parseSelectorKey(withPrefix(prefix, key, minor), isSince(minor, '1.20') ? 'raw' : 'prefixed');
  if (!parsed.ok) {
    report({ message: parsed.problem, help: parsed.help, onKey: field[0] === 'matchLabels' }, at, ...field);
  }
}

/** The agent replaces the source of a key that has one; before 1.20 it puts its own before both. */
function withPrefix(prefix: string, key: string, minor: Minor): string {
  if (prefix === '') {
    return key;
  }
  return isSince(minor, '1.20') ? `${prefix}${key.slice(key.indexOf(':') + 1)}` : `${prefix}${key}`;
}
