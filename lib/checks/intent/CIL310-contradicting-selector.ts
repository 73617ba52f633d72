import { cnp } from '../../admission/example';
import { asObject, asText } from '../../model/json';
import type { SelectorPart } from '../../model/written';
import { NAMESPACE_KEY } from '../../net/label-keys';
import { fulfilling, hasValue } from '../../net/value-set';
import type { IntentCheck, IntentContext } from '../check';
import { endpointSelectors, isKnown, isPositive, networkSelectors, PlacedRequirement, requirementsIn, tierSelectors } from './selectors';

export const check: IntentCheck = {
  code: 'CIL310',
  name: 'contradicting-selector',
  severity: 'error',
  stage: 'intent',
  summary: 'no label fulfils all requirements of a selector',
  why: 'All requirements of a selector must hold, of `matchLabels` and of `matchExpressions`, so two different values for one key select nothing. For one of several values, write one `In` with all of them, or several selectors in the list. A CiliumNetworkPolicy selects pods of its own namespace only: a selector of subjects that asks for another one selects nothing, or, with `k8s:` in `matchLabels`, the pods of its own namespace, because the agent replaces the value.',
  limits:
    'The requirements of one selector are compared, key by key: whether any pod has all the labels together is not asked. A subject is compared with the namespace of the policy only if the policy names one, and values that are filled in later are left out.',
  source: 'cilium `pkg/policy/types/requirements.go`; `pkg/k8s/apis/cilium.io/utils/utils.go`, ParseToCiliumRule',
  bad: cnp(`
    endpointSelector:
      matchLabels:
        app: web
      matchExpressions:
        - key: app
          operator: In
          values: [api]
    ingress:
      - fromEndpoints:
          - {}
  `),
  good: cnp(`
    endpointSelector:
      matchExpressions:
        - key: app
          operator: In
          values: [web, api]
    ingress:
      - fromEndpoints:
          - {}
  `),
  inspect(policy, context) {
    inspectSelectors(endpointSelectors(policy), context);
    const namespace = policy.policy.kind === 'CiliumNetworkPolicy' ? asText(asObject(context.resource.value.metadata).namespace) : '';
    // A namespace that is filled in later is any.
    if (namespace !== '' && isKnown([namespace])) {
      policy.specs.forEach(({ endpointSelector }) => endpointSelector && inspectNamespace(endpointSelector, namespace, context));
    }
  },
  inspectKubernetes(policy, context) {
    inspectSelectors(networkSelectors(policy), context);
  },
  inspectTiers(policy, context) {
    inspectSelectors(tierSelectors(policy), context);
  },
};

function inspectSelectors(selectors: readonly SelectorPart[], { minor, report }: IntentContext): void {
  for (const part of selectors.filter(({ labels, expressions }) => labels.length + expressions.length > 1)) {
    const found = contradiction(requirementsIn(part, minor));
    if (found !== undefined) {
      report(
        {
          message: `no label \`${found.written}\` fulfils this requirement and those before it, so the selector selects nothing`,
          help: 'for one of several values, write one `In` with all of them, or several selectors',
          onKey: found.isLabel,
        },
        found.at,
      );
    }
  }
}

/** The first requirement that the ones before it contradict. Labels of pods have one source. */
function contradiction(requirements: readonly PlacedRequirement[]): PlacedRequirement | undefined {
  const byKey = new Map<string, Values>();
  return requirements
    .filter(({ key, values }) => isKnown([key, ...values]))
    .find((requirement) => {
      const key = `${requirement.source === 'any' ? 'k8s' : requirement.source}:${requirement.key}`;
      const values = byKey.get(key) ?? { mayBeAbsent: true, only: undefined, excluded: new Set() };
      byKey.set(key, values);
      limit(values, requirement);
      return !values.mayBeAbsent && values.only?.size === 0;
    });
}

/** What a label may be. It is changed in place, so that many requirements take no more time than their values. */
interface Values {
  mayBeAbsent: boolean;
  /** The values that are left; `undefined` for all but those that are excluded. */
  only: Set<string> | undefined;
  readonly excluded: Set<string>;
}

function limit(known: Values, { operator, values }: PlacedRequirement): void {
  const { only, excluded } = known;
  known.mayBeAbsent &&= !isPositive({ operator });
  switch (operator) {
    case 'In':
      known.only = new Set(values.filter((value) => (only === undefined ? !excluded.has(value) : only.has(value))));
      break;
    case 'NotIn':
      values.forEach((value) => (only === undefined ? excluded.add(value) : only.delete(value)));
      break;
    case 'DoesNotExist':
      known.only = new Set();
      break;
    case 'Exists':
      break;
  }
}

function inspectNamespace(part: SelectorPart, namespace: string, { minor, report }: IntentContext): void {
  const others = requirementsIn(part, minor).filter(
    (one) =>
      one.key === NAMESPACE_KEY && ['any', 'k8s'].includes(one.source) && isKnown(one.values) && !hasValue(fulfilling(one), namespace),
  );
  for (const { isLabel, source, at, values, operator } of others) {
    const isReplaced = isLabel && source === 'k8s';
    const what = isPositive({ operator }) ? values.map((value) => `\`${value}\``).join(', ') : 'another one';
    report(
      {
        message: `the policy is for namespace \`${namespace}\`, and its subjects are to be in ${what || 'none'}: it selects ${isReplaced ? `pods of \`${namespace}\`` : 'nothing'}`,
        help: `write the policy in that namespace, or a CiliumClusterwideNetworkPolicy`,
        onKey: isLabel,
      },
      at,
    );
  }
}
