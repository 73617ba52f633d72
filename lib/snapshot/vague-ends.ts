/**
 * Pods with labels that are filled in later.
 *
 * A rule that asks for such a label, of its subject or of its peers, may match or not. Where a rule does, the side is unknown.
 */
import type { Flow, Side } from '../model/flow';
import type { Inventory, Pod } from '../model/inventory';
import type { Labels } from '../model/label';
import type { Direction, Policy, Requirement, Rule } from '../model/policy';
import { placeholderIn } from '../read/placeholders';
import type { Agent } from '../resolve/agent';
import type { Cluster } from '../resolve/cluster';
import { destinationsOf, End, endOf } from '../resolve/ends';
import { sorted } from '../resolve/labels';
import { meets } from '../resolve/matching';
import type { MissingSides } from './missing';

/** What the sides of a flow depend on; `undefined` if all labels of all pods are known. */
export function vagueEndsIn(
  policies: readonly Policy[],
  { pods, namespaces }: Inventory,
  cluster: Cluster,
  agent: Agent,
): ((flow: Flow) => MissingSides) | undefined {
  const ofNamespaces = new Set([...namespaces].filter(([, labels]) => isVague(labels)).map(([name]) => name));
  const vague = new Map(
    [...pods].filter(([, pod]) => isVague(pod.labels) || ofNamespaces.has(pod.namespace)).map(([name, pod]) => [pod, name]),
  );
  if (vague.size === 0) {
    return undefined;
  }
  const labelsOf = (end: End): KnownLabels | undefined =>
    end.is === 'pod' ? { labels: sorted(cluster.podLabels(end.pod)), mayHaveMore: hasVagueKey(end.pod.labels) } : undefined;
  return (flow) => {
    const [from, to] = [endOf(flow.from, cluster), destinationsOf(flow, cluster, agent)];
    if (!from.ok || !to.ok) {
      return {};
    }
    const ends = [from.value, ...to.value.map(({ end }) => end)];
    const pod = ends.flatMap((end) => (end.is === 'pod' && vague.has(end.pod) ? [end.pod] : [])).at(0);
    if (pod === undefined) {
      return {};
    }
    const sides = (direction: Direction) => {
      const pairs = to.value.map(({ end }) => (direction === 'egress' ? [from.value, end] : [end, from.value]).map(labelsOf));
      const of = (rule: Rule) => pairs.map(([own, other]) => matchOf(rule, own, other));
      const rules = policies.flatMap((policy) => policy.rules).filter((rule) => rule.direction === direction);
      return rules.some((rule) => of(rule).includes('maybe'))
        ? { text: textOf(pod, vague.get(pod)!), reason: 'placeholder' as const, leaves: (side: Side) => isSurelyDenied(side, of) }
        : undefined;
    };
    return { egress: sides('egress'), ingress: sides('ingress') };
  };
}

function isSurelyDenied(side: Side, of: (rule: Rule) => readonly Match[]): boolean {
  return (
    side.decision === 'denied' && side.reason === 'deny-rule' && side.because.some(({ rule }) => of(rule).every((one) => one === 'yes'))
  );
}

/** The labels of an end. */
interface KnownLabels {
  readonly labels: Labels;
  /** Whether it has a label of an unknown key, which may be any. */
  readonly mayHaveMore: boolean;
}

type Match = 'yes' | 'maybe' | 'no';

/** Whether a rule applies to an end and the other. An end without labels is no pod, and all is known of it. */
function matchOf({ subject, peers }: Rule, own: KnownLabels | undefined, other: KnownLabels | undefined): Match {
  if (own === undefined || subject.is === 'nodes') {
    return 'no';
  }
  const ofSubject = meetsAll(subject.selector.requirements, own);
  if (ofSubject !== 'yes' || peers.is !== 'selectors' || other === undefined) {
    return ofSubject;
  }
  const isMaybe = peers.selectors.some((selector) => selector.is === 'labels' && meetsAll(selector.requirements, other) === 'maybe');
  return isMaybe ? 'maybe' : 'yes';
}

function meetsAll(requirements: readonly Requirement[], labels: KnownLabels): Match {
  const all = requirements.map((requirement) => meetsOne(requirement, labels));
  return all.includes('no') ? 'no' : all.includes('maybe') ? 'maybe' : 'yes';
}

function meetsOne(requirement: Requirement, { labels, mayHaveMore }: KnownLabels): Match {
  const isKnown = meets(requirement, labels);
  const asked = labels.find(({ key }) => key === requirement.key);
  const isOfUnknownValue = asked !== undefined && placeholderIn(asked.value) !== undefined && requirement.values.length > 0;
  return isOfUnknownValue || (asked === undefined && mayHaveMore) ? 'maybe' : isKnown ? 'yes' : 'no';
}

function hasVagueKey(labels: Readonly<Record<string, string>>): boolean {
  return Object.keys(labels).some((key) => placeholderIn(key) !== undefined);
}

function isVague(labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).some((pair) => pair.some((text) => placeholderIn(text) !== undefined));
}

function textOf({ labels }: Pod, name: string): string {
  const [key] = Object.entries(labels).find((pair) => pair.some((text) => placeholderIn(text) !== undefined)) ?? [];
  return `${key === undefined ? 'a label of the namespace' : `the label \`${key}\``} of ${name}, which is filled in later`;
}
