import { networkPolicy } from '../../admission/example';
import { renameKey, writeValue } from '../../admission/fix';
import type { SelectorPart } from '../../model/written';
import { NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, NAMESPACE_NAME_KEY } from '../../net/label-keys';
import type { IntentCheck, IntentContext } from '../check';
import { hasNamespace, haveNameLabels, isAdded, isNamespaceLabel } from './given-objects';
import { isKnown, isOfPods, ofSelectors, PlacedRequirement, requirementsIn } from './selectors';

const spec = (key: string): string => `
    podSelector: {}
    policyTypes:
      - Egress
    egress:
      - to:
          - namespaceSelector:
              matchLabels:
                ${key}: kube-system
        ports:
          - port: 53
            protocol: UDP
  `;

export const check: IntentCheck = {
  code: 'CIL333',
  name: 'namespace-by-name-label',
  severity: 'warning',
  stage: 'intent',
  summary: 'a namespace is selected by a label `name`, which Kubernetes does not set',
  why: `The API server gives every namespace the label \`kubernetes.io/metadata.name\` with its name. A label \`name\` is there only if somebody has set it; on \`kube-system\`, \`kube-public\`, \`kube-node-lease\` and \`default\`, hardly anybody does. Without it, the selector matches no namespace.

It is at info for other namespaces, because many teams label their own, unless the Namespace is given and lacks the label.`,
  limits:
    'A label that an operator, a webhook or a script sets is not seen. Not reported: a label that a given Namespace has or a kustomization adds, selectors that exclude, and namespaces that are not given where given ones have their names in such a label.',
  source: 'Kubernetes documentation, "Network Policies", Targeting a Namespace by its name; "Well-Known Labels, Annotations and Taints"',
  bad: networkPolicy(spec('name')),
  good: networkPolicy(spec(NAMESPACE_NAME_KEY)),
  ...ofSelectors(inspectSelectors),
};

function inspectSelectors(selectors: readonly SelectorPart[], { minor, objects, report }: IntentContext): void {
  for (const requirement of selectors.flatMap((part) => requirementsIn(part, minor)).filter(isByName)) {
    const { values, isLabel, at } = requirement;
    if (isAdded(objects, 'name') || !isKnown(values) || isNamespaceLabel(objects, 'name', values)) {
      continue;
    }
    const meant = meantBy(requirement);
    const given = values.find((value) => hasNamespace(objects, value));
    const isLikely = given !== undefined || values.some((value) => OF_KUBERNETES.includes(value));
    if (!isLikely && haveNameLabels(objects)) {
      continue;
    }
    report(
      {
        message:
          given === undefined
            ? `no namespace has a label \`name: ${values[0]}\` unless somebody sets it`
            : `the given Namespace \`${given}\` has no label \`name: ${given}\``,
        help: `write \`${meant}\`, which every namespace has`,
        fix: isLabel ? renameKey(meant, 'unsafe') : writeValue(meant, 'unsafe'),
        onKey: isLabel,
        ...(!isLikely && { severity: 'info' as const }),
      },
      at,
    );
  }
}

function isByName(one: PlacedRequirement): boolean {
  return isOfPods(one) && one.key === `${NAMESPACE_LABELS_PREFIX}name` && one.operator === 'In' && one.values.length > 0;
}

const OF_KUBERNETES = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];

/** In a selector of namespaces, the key is written as it is; in one of endpoints, with the prefix. */
function meantBy({ written, key }: PlacedRequirement): string {
  return written === 'name' ? NAMESPACE_NAME_KEY : written.slice(0, written.length - key.length) + NAMESPACE_KEY;
}
