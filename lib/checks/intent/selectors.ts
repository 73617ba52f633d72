/** The selectors of a policy, and their requirements with places. */
import type { Minor } from '../../crd/minor';
import { Conditions } from '../../model/conditions';
import { below, PathLink } from '../../model/path';
import type { Requirement } from '../../model/policy';
import type {
  NetworkRulePart,
  SelectorPart,
  TierPodsPart,
  WrittenNetworkPolicy,
  WrittenPolicy,
  WrittenSelector,
  WrittenTierPolicy,
} from '../../model/written';
import { NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';
import { isPlainKey } from '../../net/own-keys';
import { placeholderIn } from '../../read/placeholders';

/** Whether a selector has no requirement. */
export function isEmptySelector({ labels, expressions }: WrittenSelector): boolean {
  return labels.length === 0 && expressions.length === 0;
}

/** The selectors of endpoints: of the subjects, and of peers. */
export function endpointSelectors({ specs }: WrittenPolicy): readonly SelectorPart[] {
  return specs.flatMap(({ endpointSelector, rules }) => [
    ...(endpointSelector ? [endpointSelector] : []),
    ...rules.flatMap(({ endpoints = [] }) => endpoints),
  ]);
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

function requirementsOf(part: SelectorPart, minor: Minor): readonly PlacedRequirement[] {
  const read = (selector: WrittenSelector) => new Conditions(minor).addWritten(selector, part.prefix.split(':')[0] || 'any').requirements();
  const prefix = part.prefix.slice(part.prefix.indexOf(':') + 1);
  return [
    ...part.labels.flatMap(([key, value]) =>
      read({ labels: [[prefix + key, value]], expressions: [] }).map((requirement) => ({
        ...requirement,
        ...{ written: key, isLabel: true, at: below(part.at, 'matchLabels', key) },
      })),
    ),
    ...part.expressions.flatMap((expression, i) =>
      read({ labels: [], expressions: [{ ...expression, key: prefix + expression.key }] }).map((requirement) => ({
        ...requirement,
        ...{ written: expression.key, isLabel: false, at: below(part.at, 'matchExpressions', i, 'key') },
      })),
    ),
  ];
}

/** Whether a requirement holds only for what has the label. */
export function isPositive({ operator }: Pick<Requirement, 'operator'>): boolean {
  return operator === 'In' || operator === 'Exists';
}

/** Whether no text is filled in later. */
export function isKnown(texts: readonly string[]): boolean {
  return texts.every((text) => placeholderIn(text) === undefined);
}

/** Whether a requirement is about a namespace: about its name, or about a label of it. */
export function isOfNamespace({ key }: Pick<Requirement, 'key'>): boolean {
  return key === NAMESPACE_KEY || key.startsWith(NAMESPACE_LABELS_PREFIX);
}

/** Whether a requirement is about a label of pods. */
export function isOfPods({ source }: Pick<Requirement, 'source'>): boolean {
  return source === 'any' || source === 'k8s';
}
