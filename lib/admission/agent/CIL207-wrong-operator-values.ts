import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL207',
  name: 'wrong-operator-values',
  severity: 'error',
  stage: 'agent',
  summary: 'a selector expression with missing or unexpected values',
  why: 'The agent rejects the whole policy. `In` and `NotIn` need at least one value. `Exists` and `DoesNotExist` cannot have any.',
  source: 'cilium `pkg/labels/validation.go`, ValidateLabelSelectorRequirement',
  bad: cnp(`
    endpointSelector:
      matchExpressions:
        - key: app
          operator: Exists
          values:
            - web
    ingress:
      - {}
  `),
  good: cnp(`
    endpointSelector:
      matchExpressions:
        - key: app
          operator: In
          values:
            - web
    ingress:
      - {}
  `),
  visit: {
    selector({ expressions, at }, { report }) {
      expressions.forEach(({ operator, values }, i) => {
        const needs = NEEDS_VALUES[operator];
        if (needs === undefined) {
          const message = `unknown operator \`${operator}\``;
          report({ message, help: 'write `In`, `NotIn`, `Exists` or `DoesNotExist`' }, at, 'matchExpressions', i, 'operator');
        } else if (needs !== values.length > 0) {
          report(
            { message: `\`${operator}\` ${needs ? 'needs a value' : 'cannot have values'}` },
            at,
            'matchExpressions',
            i,
            needs ? 'operator' : 'values',
          );
        }
      });
    },
  },
};

const NEEDS_VALUES: Readonly<Record<string, boolean | undefined>> = { In: true, NotIn: true, Exists: false, DoesNotExist: false };
