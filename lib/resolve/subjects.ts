/** The distinct subjects of policies, each with the rules that surely apply to every endpoint of it. */
import type { OwnedRule, WrittenEnd } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { Policy, Subject } from '../model/policy';
import { groupedBy } from '../net/grouped';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY } from '../net/label-keys';
import { ANY_VALUE, fulfilling, hasValue, intersection, ValueSet, witness } from '../net/value-set';
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

/** Finds subjects that may have an endpoint in common with another one. Most name a value of a label, and those with another value need not be asked. */
export class Overlaps {
  private readonly tree: Branch;

  public constructor(all: readonly SubjectRules[]) {
    this.tree = branchOf(all, new Set());
  }

  /** The subjects that may have an endpoint in common with one. One that names several values of a label may come several times. */
  public *of(one: SubjectRules): Generator<SubjectRules> {
    for (const other of candidates(this.tree, one)) {
      if (other.subject.is === one.subject.is && mayMeet(other.subject.selector, one.subject.selector)) {
        yield other;
      }
    }
  }
}

/** Subjects by the values of a label that most of them name; `others` do not name it. */
interface Branch {
  readonly key: string | undefined;
  readonly byValue: ReadonlyMap<string, Branch>;
  readonly others: Branch | undefined;
  readonly list: readonly SubjectRules[];
}

/** Fewer are asked one by one. */
const FEW = 16;

function branchOf(all: readonly SubjectRules[], used: ReadonlySet<string>): Branch {
  const key = all.length < FEW ? undefined : commonKey(all, used);
  if (key === undefined) {
    return { key, byValue: new Map(), others: undefined, list: all };
  }
  const lists = new Map<string, SubjectRules[]>();
  const pairs = all.flatMap((one) => [...(valuesOf(one, key) ?? [])].map((value) => ({ one, value })));
  for (const { one, value } of pairs) {
    const list = lists.get(value) ?? [];
    lists.set(value, list);
    list.push(one);
  }
  const next = new Set([...used, key]);
  const others = all.filter((one) => valuesOf(one, key) === undefined);
  return {
    key,
    byValue: new Map([...lists].map(([value, list]) => [value, branchOf(list, next)])),
    others: branchOf(others, next),
    list: all,
  };
}

/** The label of which most subjects name values; `undefined` if it is less than half of them. */
function commonKey(all: readonly SubjectRules[], used: ReadonlySet<string>): string | undefined {
  const counts = new Map<string, number>();
  const named = all.flatMap(({ facts }) => [...facts].filter(([key, set]) => !used.has(key) && isNamed(set)));
  for (const [key] of named) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most !== undefined && most[1] * 2 >= all.length ? most[0] : undefined;
}

function isNamed({ absent, isExcept, values }: ValueSet): boolean {
  return !absent && !isExcept && values.size <= MOST_VALUES;
}

/** A subject with more values is asked each time. */
const MOST_VALUES = 8;

function valuesOf({ facts }: SubjectRules, key: string): ReadonlySet<string> | undefined {
  const set = facts.get(key);
  return set !== undefined && isNamed(set) ? set.values : undefined;
}

function* candidates({ key, byValue, others, list }: Branch, one: SubjectRules): Generator<SubjectRules> {
  const values = key === undefined ? undefined : valuesOf(one, key);
  if (values === undefined) {
    yield* list;
    return;
  }
  for (const value of values) {
    const branch = byValue.get(value);
    if (branch !== undefined) {
      yield* candidates(branch, one);
    }
  }
  yield* candidates(others!, one);
}

/** Whether a subject is every endpoint of the cluster, but for namespaces that it leaves out. */
export function isEveryEndpoint({ subject, facts }: SubjectRules): boolean {
  const isOfNamespace = (key: string) => key === `k8s:${NAMESPACE_KEY}` || key.startsWith(`k8s:${NAMESPACE_LABELS_PREFIX}`);
  return subject.is === 'endpoints' && [...facts].every(([key, { isExcept }]) => isExcept && isOfNamespace(key));
}

/** The pod that has just the labels that a subject asks for; `undefined` for nodes and for endpoints that are no pods. */
export function minimalPod({ subject, facts }: SubjectRules): (WrittenEnd & { readonly is: 'labels' }) | undefined {
  const named = [...facts].map(([name, set]) => ({
    source: name.slice(0, name.indexOf(':')),
    key: name.slice(name.indexOf(':') + 1),
    set,
  }));
  const asked = named.filter(({ key, set }) => key !== CLUSTER_KEY && key !== NAMESPACE_KEY && !set.absent);
  const namespace = namespaceFor(facts.get(`k8s:${NAMESPACE_KEY}`) ?? ANY_VALUE);
  if (subject.is === 'nodes' || namespace === undefined || asked.some(({ source }) => source !== 'any' && source !== 'k8s')) {
    return undefined;
  }
  const labels: Record<string, string> = {};
  const moreNamespaceLabels: Record<string, string> = {};
  let serviceAccount = '';
  for (const { key, set } of asked) {
    const value = witness(set, freshName) ?? '';
    if (key === SERVICE_ACCOUNT_KEY) {
      serviceAccount = value;
    } else if (key.startsWith(NAMESPACE_LABELS_PREFIX)) {
      moreNamespaceLabels[key.slice(NAMESPACE_LABELS_PREFIX.length)] = value;
    } else {
      labels[key] = value;
    }
  }
  return { is: 'labels', labels, namespace, serviceAccount, moreNamespaceLabels, ports: [] };
}

/** A namespace that a set has; every pod is in one. */
function namespaceFor(set: ValueSet): string | undefined {
  const some = intersection(set, fulfilling({ operator: 'Exists', values: [] }));
  return hasValue(some, 'default') ? 'default' : witness(some, freshName);
}

function freshName(taken: ReadonlySet<string>): string {
  let name = 'x';
  while (taken.has(name)) {
    name += 'x';
  }
  return name;
}
