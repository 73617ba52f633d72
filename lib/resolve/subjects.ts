/** The distinct subjects of policies, each with the rules that surely apply to every endpoint of it. */
import type { OwnedRule, WrittenEnd } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { Policy, Subject } from '../model/policy';
import { groupedBy } from '../net/grouped';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY } from '../net/label-keys';
import { witness } from '../net/value-set';
import { Facts, factsOf, follows, isContradiction, mayMeet, ofKubernetes, tokensOf } from './containment';
import { LabelIndex } from './label-index';
import { requiredLabels } from './matching';

/** The rules of all policies that have one subject. */
export interface SubjectRules {
  readonly subject: Subject;
  readonly facts: Facts;
  readonly rules: readonly OwnedRule[];
  /** The part of the input that the policies are of. */
  readonly part: string;
}

export class Subjects {
  /** Without those that nothing can fulfil, and without rules that may not select their subject. */
  public readonly all: readonly SubjectRules[];
  private readonly index = new LabelIndex<SubjectRules>();
  private readonly known = new Map<SubjectRules, readonly OwnedRule[]>();

  /** `partOf`: policies of different parts are of different clusters, or alternatives, and are not put beside each other. */
  public constructor(
    policies: readonly Policy[],
    { namespaces }: Pick<Inventory, 'namespaces'>,
    partOf: (policy: Policy) => string = () => '',
  ) {
    const owned = policies.flatMap((policy) => policy.rules.map((rule): OwnedRule => ({ policy, rule })));
    const certain = owned.filter(({ rule }) => rule.isUncertain !== true);
    const groups = groupedBy(certain, ({ policy, rule: { subject } }) => `${subject.is} ${partOf(policy)} ${subject.selector.key}`);
    this.all = [...groups.values()]
      .map((rules): SubjectRules => {
        const { is, selector } = rules[0].rule.subject;
        const own = ofKubernetes(selector);
        return { subject: { is, selector: own }, facts: factsOf(own, namespaces), rules, part: partOf(rules[0].policy) };
      })
      .filter(({ facts }) => !isContradiction(facts));
    this.all.forEach((one) => {
      this.index.add(one, requiredLabels(one.subject.selector));
    });
  }

  /** The rules that apply to every endpoint of a subject: its own, and those of wider subjects. */
  public around(one: SubjectRules): readonly OwnedRule[] {
    const known = this.known.get(one);
    if (known !== undefined) {
      return known;
    }
    const wider = this.index
      .mayBeFor([], ...tokensOf(one.facts))
      .filter(
        ({ subject, part }) => subject.is === one.subject.is && part === one.part && follows(subject.selector.requirements, one.facts),
      );
    const found = wider.flatMap(({ rules }) => rules);
    this.known.set(one, found);
    return found;
  }
}

/** Finds subjects that may have an endpoint in common with another one. Most subjects are in one namespace, and the others need not be asked. */
export class Overlaps {
  private readonly byNamespace: ReadonlyMap<string, readonly SubjectRules[]>;

  public constructor(private readonly all: readonly SubjectRules[]) {
    this.byNamespace = groupedBy(all, namespaceOf);
  }

  /** The subjects that may have an endpoint in common with one. */
  public *of(one: SubjectRules): Generator<SubjectRules> {
    const namespace = namespaceOf(one);
    const lists = namespace === '' ? [this.all] : ['', namespace].map((name) => this.byNamespace.get(name) ?? []);
    for (const other of lists.flat()) {
      if (other.subject.is === one.subject.is && mayMeet(other.subject.selector, one.subject.selector)) {
        yield other;
      }
    }
  }
}

/** The namespace of all endpoints of a subject; empty if they may be in several. */
function namespaceOf({ facts }: SubjectRules): string {
  const set = facts.get(`k8s:${NAMESPACE_KEY}`);
  const names = set === undefined || set.absent || set.isExcept ? [] : [...set.values];
  return names.length === 1 ? names[0] : '';
}

/** The pod that has just the labels that a subject asks for; `undefined` for nodes and for endpoints that are no pods. */
export function minimalPod({ subject, facts }: SubjectRules): (WrittenEnd & { readonly is: 'labels' }) | undefined {
  const labels: Record<string, string> = {};
  const moreNamespaceLabels: Record<string, string> = {};
  let [namespace, serviceAccount] = ['default', ''];
  for (const [name, set] of subject.is === 'nodes' ? [] : facts) {
    const [source, key] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)];
    const value = set.absent ? undefined : (witness(set, (taken) => freshName(taken)) ?? '');
    if (value === undefined || key === CLUSTER_KEY) {
      continue;
    }
    if (source !== 'any' && source !== 'k8s') {
      return undefined;
    }
    if (key === NAMESPACE_KEY) {
      namespace = value;
    } else if (key === SERVICE_ACCOUNT_KEY) {
      serviceAccount = value;
    } else if (key.startsWith(NAMESPACE_LABELS_PREFIX)) {
      moreNamespaceLabels[key.slice(NAMESPACE_LABELS_PREFIX.length)] = value;
    } else {
      labels[key] = value;
    }
  }
  return subject.is === 'nodes' ? undefined : { is: 'labels', labels, namespace, serviceAccount, moreNamespaceLabels, ports: [] };
}

function freshName(taken: ReadonlySet<string>): string {
  let name = 'x';
  while (taken.has(name)) {
    name += 'x';
  }
  return name;
}
