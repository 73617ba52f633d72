/** The distinct subjects of policies, each with the rules that surely apply to every endpoint of it. */
import type { OwnedRule, WrittenEnd } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { LabelSelector, Policy, Requirement, Subject } from '../model/policy';
import { groupedBy } from '../net/grouped';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, NAMESPACE_NAME_KEY, SERVICE_ACCOUNT_KEY } from '../net/label-keys';
import { ANY_VALUE, fulfilling, hasValue, intersection, ValueSet, witness } from '../net/value-set';
import { Facts, factsOf, follows, isContradiction, mayMeet, ofKubernetes, tokensOf } from './containment';
import { LabelIndex } from './label-index';
import { requiredLabels } from './matching';

/** The rules of all policies that have one subject. */
export interface SubjectRules {
  /** In a namespace that is not known, it is that of other policies of the same folder, and of no others. */
  readonly subject: Subject;
  readonly facts: Facts;
  readonly rules: readonly OwnedRule[];
  /** The part of the input that the policies are of. */
  readonly part: string;
  /** The namespace that the engine takes for one that is not known. @default - the namespace is known */
  readonly assumed?: string;
  /** What the endpoints surely have, without a namespace that is not known: it may be any. */
  readonly least: LabelSelector;
}

/** What is known of where policies belong. */
export interface Whereabouts {
  /** Policies of different parts are of different clusters, or alternatives, and are not put beside each other. */
  readonly partOf: (policy: Policy) => string;
  /** The folder of a policy whose namespace is not known: those of one folder are in the same one. `undefined` for other policies. */
  readonly folderOf: (policy: Policy) => string | undefined;
}

export class Subjects {
  /** Without those that nothing can fulfil, and without rules that may not select their subject. */
  public readonly all: readonly SubjectRules[];
  private readonly index = new LabelIndex<SubjectRules>();
  private readonly known = new Map<SubjectRules, readonly SubjectRules[]>();

  public constructor(
    policies: readonly Policy[],
    { namespaces }: Pick<Inventory, 'namespaces'>,
    { partOf, folderOf }: Whereabouts = { partOf: () => '', folderOf: () => undefined },
  ) {
    const owned = policies.flatMap((policy) => policy.rules.map((rule): OwnedRule => ({ policy, rule })));
    const certain = owned.filter(({ rule }) => rule.isUncertain !== true);
    const groups = groupedBy(certain, ({ policy, rule: { subject } }) =>
      [subject.is, partOf(policy), folderOf(policy) ?? '', subject.selector.key].join(' '),
    );
    this.all = [...groups.values()]
      .map((rules): SubjectRules => {
        const [{ policy, rule }] = rules;
        const { is } = rule.subject;
        const selector = ofKubernetes(rule.subject.selector);
        const [part, folder] = [partOf(policy), folderOf(policy)];
        if (folder === undefined) {
          return { subject: { is, selector }, facts: factsOf(selector, namespaces), rules, part, least: selector };
        }
        const { namespace: assumed } = policy;
        const [own, least] = [inNamespace(selector, assumed, `in ${folder}`), inNamespace(selector, assumed, undefined)];
        return { subject: { is, selector: own }, facts: factsOf(own, namespaces), rules, part, assumed, least };
      })
      .filter(({ facts }) => !isContradiction(facts));
    this.all.forEach((one) => {
      this.index.add(one, [...requiredLabels(one.subject.selector), ...excludedKeys(one.subject.selector)]);
    });
  }

  /** The subjects whose rules apply to every endpoint of a subject: itself first, and wider ones. */
  public around(one: SubjectRules): readonly SubjectRules[] {
    const known = this.known.get(one);
    if (known !== undefined) {
      return known;
    }
    const keys = [...one.facts.keys()].map((name) => excluded(name.slice(name.indexOf(':') + 1)));
    const found = this.index
      .mayBeFor([], ...tokensOf(one.facts), ...keys)
      .filter(
        ({ subject, part }) => subject.is === one.subject.is && part === one.part && follows(subject.selector.requirements, one.facts),
      );
    const around = [one, ...found.filter((other) => other !== one)];
    this.known.set(one, around);
    return around;
  }

  /** Reads the rules around subjects. Those of a wide subject are read once, however many narrower ones ask. */
  public reader<T>(read: (rules: readonly OwnedRule[]) => T): (one: SubjectRules) => readonly T[] {
    const known = new Map<SubjectRules, { readonly value: T }>();
    return (one) =>
      this.around(one).map((wide) => {
        const found = known.get(wide) ?? { value: read(wide.rules) };
        known.set(wide, found);
        return found.value;
      });
  }
}

/** A selector with another namespace instead of its own, or with none. */
function inNamespace(selector: LabelSelector, from: string, to: string | undefined): LabelSelector {
  const isOwn = ({ key, operator, values }: Requirement) => key === NAMESPACE_KEY && operator === 'In' && values.join() === from;
  const requirements = selector.requirements.flatMap((one) => (!isOwn(one) ? [one] : to === undefined ? [] : [{ ...one, values: [to] }]));
  return { ...selector, requirements };
}

/** What follows from no label follows only from what is known of its key. */
function excludedKeys({ requirements }: LabelSelector): readonly (readonly string[])[] {
  return requirements.filter(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist').map(({ key }) => [excluded(key)]);
}

function excluded(key: string): string {
  return `!${key}`;
}

/** Finds subjects that may have an endpoint in common with another one. Most name a value of a label, and those with another value need not be asked. */
export class Overlaps {
  private readonly tree: Branch;

  public constructor(all: readonly SubjectRules[]) {
    this.tree = branchOf(
      all.map((one) => ({ one, copies: 1 })),
      new Set(),
    );
  }

  /** Whether a subject may have an endpoint in common with one. */
  public has(one: SubjectRules): boolean {
    return this.of(one).next().done === false;
  }

  /** The subjects that may have an endpoint in common with one. One that names several values of a label may come several times. */
  public *of(one: SubjectRules): Generator<SubjectRules> {
    for (const other of candidates(this.tree, one)) {
      if (other.subject.is === one.subject.is && mayMeet(other.least, one.least)) {
        yield other;
      }
    }
  }
}

/** Subjects by the values of a label that most of them name; `others` do not name it, or name too many. */
interface Branch {
  readonly key: string | undefined;
  readonly byValue: ReadonlyMap<string, Branch>;
  readonly others: Branch | undefined;
  readonly list: readonly SubjectRules[];
}

/** A subject in a branch, with how often it stands in the tree because of labels of which it names several values. */
interface Leaf {
  readonly one: SubjectRules;
  readonly copies: number;
}

/** Fewer are asked one by one. */
const FEW = 16;

/** A subject that would stand in more places is asked each time. */
const MOST_COPIES = 8;

function branchOf(all: readonly Leaf[], used: ReadonlySet<string>): Branch {
  const list = all.map(({ one }) => one);
  const key = all.length < FEW ? undefined : commonKey(all, used);
  if (key === undefined) {
    return { key, byValue: new Map(), others: undefined, list };
  }
  const lists = new Map<string, Leaf[]>();
  const others: Leaf[] = [];
  for (const leaf of all) {
    const values = valuesOf(leaf, key);
    for (const value of values ?? []) {
      const same = lists.get(value) ?? [];
      lists.set(value, same);
      same.push({ one: leaf.one, copies: leaf.copies * values!.size });
    }
    if (values === undefined) {
      others.push(leaf);
    }
  }
  const next = new Set([...used, key]);
  return { key, byValue: new Map([...lists].map(([value, same]) => [value, branchOf(same, next)])), others: branchOf(others, next), list };
}

/** The label of which most subjects name values; `undefined` if it is less than half of them. */
function commonKey(all: readonly Leaf[], used: ReadonlySet<string>): string | undefined {
  const counts = new Map<string, number>();
  const named = all.flatMap((leaf) => [...leaf.one.facts.keys()].filter((key) => !used.has(key) && valuesOf(leaf, key) !== undefined));
  for (const key of named) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most !== undefined && most[1] * 2 >= all.length ? most[0] : undefined;
}

/** The values of a label that a subject names; `undefined` if there are too many, or others are possible. */
function valuesOf({ one, copies }: Leaf, key: string): ReadonlySet<string> | undefined {
  const values = namedValues(one, key);
  return values !== undefined && copies * values.size <= MOST_COPIES ? values : undefined;
}

function namedValues({ facts, assumed }: SubjectRules, key: string): ReadonlySet<string> | undefined {
  const set = assumed !== undefined && NAMESPACE_NAMES.includes(key) ? undefined : facts.get(key);
  return set === undefined || set.absent || set.isExcept ? undefined : set.values;
}

const NAMESPACE_NAMES = [`k8s:${NAMESPACE_KEY}`, `k8s:${NAMESPACE_LABELS_PREFIX}${NAMESPACE_NAME_KEY}`];

function* candidates({ key, byValue, others, list }: Branch, one: SubjectRules): Generator<SubjectRules> {
  const values = key === undefined ? undefined : namedValues(one, key);
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
export function minimalPod({ subject, facts, assumed }: SubjectRules): (WrittenEnd & { readonly is: 'labels' }) | undefined {
  const named = [...facts].map(([name, set]) => ({
    source: name.slice(0, name.indexOf(':')),
    key: name.slice(name.indexOf(':') + 1),
    set,
  }));
  const isOfName = (key: string) => assumed !== undefined && NAMESPACE_NAMES.includes(`k8s:${key}`);
  const asked = named.filter(({ key, set }) => key !== CLUSTER_KEY && key !== NAMESPACE_KEY && !isOfName(key) && !set.absent);
  const namespace = assumed ?? namespaceFor(facts.get(`k8s:${NAMESPACE_KEY}`) ?? ANY_VALUE);
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
