import { isSince, Minor } from '../../crd/minor';
import type { PathLink } from '../../model/path';
import { parseSelectorKey } from '../../net/label';
import type { CheckContext, AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL205',
  name: 'malformed-selector-key',
  severity: 'error',
  stage: 'agent',
  summary: 'a selector key that is not a valid label key',
  why:
    'The agent rejects the whole policy. A key is `key` or `source:key`, where `key` is a Kubernetes label key. Up to Cilium 1.19, the agent ' +
    'puts the source in front of the key and validates the result, so a key without a source can have at most 59 characters.',
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
      labels.forEach(([key]) => validate(key, prefix, agent, at, 'matchLabels', key));
      expressions.forEach(({ key }, i) => validate(key, prefix, agent, at, 'matchExpressions', i, 'key'));
    },
  },
};

function validate(
  key: string,
  prefix: string,
  { minor, report }: CheckContext,
  at: PathLink,
  ...field: readonly (string | number)[]
): void {
  const parsed = parseSelectorKey(withPrefix(prefix, key, minor), isSince(minor, '1.20') ? 'raw' : 'prefixed');
  if (!parsed.ok) {
    report({ message: parsed.problem, help: parsed.help, onKey: field[0] === 'matchLabels' }, at, ...field);
  }
}

/** The agent replaces the source of the key with its own. Before 1.20, it adds its own in front of the existing one. */
function withPrefix(prefix: string, key: string, minor: Minor): string {
  if (prefix === '') {
    return key;
  }
  return isSince(minor, '1.20') ? `${prefix}${key.slice(key.indexOf(':') + 1)}` : `${prefix}${key}`;
}
