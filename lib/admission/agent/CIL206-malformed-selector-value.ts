import { parseLabelValue } from '../../net/label';
import type { Agent, AgentCheck } from '../check';
import { cnp } from '../example';
import type { Place } from './parts';

export const check: AgentCheck = {
  code: 'CIL206',
  name: 'malformed-selector-value',
  severity: 'error',
  stage: 'agent',
  summary: 'the value of a selector is no label value',
  why: 'The agent refuses the whole policy, since no label can have such a value. In `matchExpressions` the API server does not look.',
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
    selector({ labels, expressions, place }, agent) {
      labels.forEach(([key, value]) => judge(value, agent, place, 'matchLabels', key));
      expressions.forEach(({ values }, i) => values.forEach((value, j) => judge(value, agent, place, 'matchExpressions', i, 'values', j)));
    },
  },
};

function judge(value: string, { report }: Agent, place: Place, ...at: readonly (string | number)[]): void {
  const parsed = parseLabelValue(value);
  if (!parsed.ok) {
    report({ message: parsed.problem, help: parsed.help }, place, ...at);
  }
}
