import type { PathLink } from '../../model/path';
import { parseLabelValue } from '../../net/label';
import type { CheckContext, AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL206',
  name: 'malformed-selector-value',
  severity: 'error',
  stage: 'agent',
  summary: 'a selector value that is not a valid label value',
  why: 'The agent rejects the whole policy, because no label can have such a value. The API server does not validate values in `matchExpressions`.',
  source: 'cilium `pkg/labels/validation.go` (1.20), `pkg/k8s/slim/k8s/apis/meta/v1/validation` (before)',
  bad: cnp(`
    endpointSelector:
      matchExpressions:
        - key: app
          operator: In
          values:
            - "web frontend"
    ingress:
      - {}
  `),
  good: cnp(`
    endpointSelector:
      matchExpressions:
        - key: app
          operator: In
          values:
            - web-frontend
    ingress:
      - {}
  `),
  visit: {
    selector({ labels, expressions, at }, agent) {
      labels.forEach(([key, value]) => validate(value, agent, at, 'matchLabels', key));
      expressions.forEach(({ values }, i) => values.forEach((value, j) => validate(value, agent, at, 'matchExpressions', i, 'values', j)));
    },
  },
};

function validate(value: string, { report }: CheckContext, at: PathLink, ...field: readonly (string | number)[]): void {
  const parsed = parseLabelValue(value);
  if (!parsed.ok) {
    report({ message: parsed.problem, help: parsed.help }, at, ...field);
  }
}
