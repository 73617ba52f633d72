import { parseLabelValue } from '../../net/label';
import type { AgentCheck } from '../check';
import { cnp } from '../example';
import { expressionsOf, labelsOf } from './selector';

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
    selector({ value, place }, { report }) {
      const values = [
        ...labelsOf(value).map(([key, text]) => ({ text, at: ['matchLabels', key] })),
        ...expressionsOf(value).flatMap(({ values: texts }, i) =>
          texts.map((text, j) => ({ text, at: ['matchExpressions', i, 'values', j] })),
        ),
      ];
      for (const { text, at } of values) {
        const parsed = parseLabelValue(text);
        if (!parsed.ok) {
          report({ message: parsed.problem, help: parsed.help }, place, ...at);
        }
      }
    },
  },
};
