/** The selectors of a policy, and their requirements with places. */
import type { Minor } from '../../crd/minor';
import { writtenRequirement } from '../../model/conditions';
import { below, PathLink } from '../../model/path';
import { Operator, OPERATORS, Requirement } from '../../model/policy';
import type {
  NetworkRulePart,
  SelectorPart,
  SpecPart,
  TierPodsPart,
  WrittenNetworkPolicy,
  WrittenPolicy,
  WrittenSelector,
  WrittenTierPolicy,
} from '../../model/written';
import { isPlainKey } from '../../net/own-keys';
import { placeholderIn } from '../../read/placeholders';
import type { IntentCheck, IntentContext } from '../check';

/** Whether a selector has no requirement. */
export function isEmptySelector({ labels, expressions }: WrittenSelector): boolean {
  return labels.length === 0 && expressions.length === 0;
}

/** The selectors of endpoints: of the subjects, and of peers. */
export function endpointSelectors(policy: WrittenPolicy): readonly SelectorPart[] {
  const known = SELECTORS.get(policy) ?? policy.specs.flatMap(selectorsOfSpec);
  SELECTORS.set(policy, known);
  return known;
}

/** Several checks ask for the same. */
const SELECTORS = new WeakMap<WrittenPolicy, readonly SelectorPart[]>();

function selectorsOfSpec({ endpointSelector, rules }: SpecPart): readonly SelectorPart[] {
  return [...(endpointSelector ? [endpointSelector] : []), ...rules.flatMap(({ endpoints = [] }) => endpoints)];
}

/** The selectors of pods and of namespaces. */
export function networkSelectors({ spec: { endpointSelector }, rules }: WrittenNetworkPolicy): readonly SelectorPart[] {
  return [...(endpointSelector ? [endpointSelector] : []), ...rules.flatMap(peerSelectors)];
}

function peerSelectors({ peers }: NetworkRulePart): readonly SelectorPart[] {
  return peers.flatMap(({ pods, namespaces }) => [...(pods ? [pods] : []), ...(namespaces ? [namespaces] : [])]);
}

/** The selectors of pods and of namespaces. */
export function tierSelectors({ subject, rules }: WrittenTierPolicy): readonly SelectorPart[] {
  return [...selectorsOf(subject), ...rules.flatMap(({ peers }) => peers).flatMap(selectorsOf)];
}

function selectorsOf({ namespaces, pods }: TierPodsPart): readonly SelectorPart[] {
  return [...(namespaces ? [namespaces] : []), ...(pods ? [pods.namespaces, pods.pods] : [])];
}

/** The inspections of a check that looks at each selector by itself, in policies of all kinds. */
export function ofSelectors(
  inspect: (selectors: readonly SelectorPart[], context: IntentContext) => void,
): Required<Pick<IntentCheck, 'inspect' | 'inspectKubernetes' | 'inspectTiers'>> {
  return {
    inspect(policy, context) {
      inspect(endpointSelectors(policy), context);
    },
    inspectKubernetes(policy, context) {
      inspect(networkSelectors(policy), context);
    },
    inspectTiers(policy, context) {
      inspect(tierSelectors(policy), context);
    },
  };
}

/** A requirement as Cilium reads it, with its place. */
export interface PlacedRequirement extends Requirement {
  /** The key as written. */
  readonly written: string;
  readonly isLabel: boolean;
  /** The label in `matchLabels`, or the key of an expression. */
  readonly at: PathLink;
}

/** Whether a selector has a key that the default filter drops, or that is nearly one of Cilium's own. Those of NetworkPolicies count without a prefix. */
export function hasOddKey({ labels, expressions }: SelectorPart): boolean {
  return labels.some(([key]) => !isPlainKey(key)) || expressions.some(({ key }) => !isPlainKey(key));
}

/** The requirements of a selector, in the order in which they are written. */
export function requirementsIn(part: SelectorPart, minor: Minor): readonly PlacedRequirement[] {
  const known = KNOWN.get(part);
  if (known?.minor === minor) {
    return known.requirements;
  }
  const requirements = requirementsOf(part, minor);
  KNOWN.set(part, { minor, requirements });
  return requirements;
}

/** Several checks ask for the same. */
const KNOWN = new WeakMap<SelectorPart, { readonly minor: Minor; readonly requirements: readonly PlacedRequirement[] }>();

function requirementsOf({ prefix, labels, expressions, at }: SelectorPart, minor: Minor): readonly PlacedRequirement[] {
  const colon = prefix.indexOf(':');
  const [of, before] = [{ source: prefix.slice(0, Math.max(0, colon)) || 'any', minor }, prefix.slice(colon + 1)];
  const equal = labels.map(([key, value]): PlacedRequirement => {
    const { source, key: name, operator, values } = writtenRequirement(before + key, 'In', [value], of);
    return { source, key: name, operator, values, written: key, isLabel: true, at: below(at, 'matchLabels', key) };
  });
  const others = expressions.flatMap(({ key, operator, values }, i): readonly PlacedRequirement[] =>
    OPERATORS.includes(operator)
      ? [
          {
            ...writtenRequirement(before + key, operator as Operator, values, of),
            ...{ written: key, isLabel: false, at: below(at, 'matchExpressions', i, 'key') },
          },
        ]
      : [],
  );
  return [...equal, ...others];
}

/** Whether a requirement holds only for what has the label. */
export function isPositive({ operator }: Pick<Requirement, 'operator'>): boolean {
  return operator === 'In' || operator === 'Exists';
}

/** Whether no text is filled in later. */
export function isKnown(texts: readonly string[]): boolean {
  return texts.every((text) => placeholderIn(text) === undefined);
}

/** Whether a requirement is about a label of pods. */
export function isOfPods({ source }: Pick<Requirement, 'source'>): boolean {
  return source === 'any' || source === 'k8s';
}
