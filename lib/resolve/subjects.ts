/** The distinct subjects of policies, each with the rules that surely apply to every endpoint of it. */
import type { OwnedRule } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { Policy, Subject } from '../model/policy';
import { groupedBy } from '../net/grouped';
import { NAMESPACE_KEY } from '../net/label-keys';
import { Facts, factsOf, follows, isContradiction, mayMeet, tokensOf } from './containment';
import { LabelIndex } from './label-index';
import { requiredLabels } from './matching';

/** The rules of all policies that have one subject. */
export interface SubjectRules {
  readonly subject: Subject;
  readonly facts: Facts;
  readonly rules: readonly OwnedRule[];
}

export class Subjects {
  /** Without those that nothing can fulfil, and without rules that may not select their subject. */
  public readonly all: readonly SubjectRules[];
  private readonly index = new LabelIndex<SubjectRules>();
  private readonly known = new Map<SubjectRules, readonly OwnedRule[]>();

  public constructor(policies: readonly Policy[], { namespaces }: Pick<Inventory, 'namespaces'>) {
    const owned = policies.flatMap((policy) => policy.rules.map((rule): OwnedRule => ({ policy, rule })));
    const certain = owned.filter(({ rule }) => rule.isUncertain !== true);
    const groups = groupedBy(certain, ({ rule: { subject } }) => `${subject.is} ${subject.selector.key}`);
    this.all = [...groups.values()]
      .map((rules) => ({ subject: rules[0].rule.subject, facts: factsOf(rules[0].rule.subject.selector, namespaces), rules }))
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
      .filter(({ subject }) => subject.is === one.subject.is && follows(subject.selector.requirements, one.facts));
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
