/** Whether whatever one rule is about is surely covered by another one. What cannot be told from the selectors alone is not. */
import type { LabelSelector, Requirement, Selector } from '../model/policy';
import { NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, NAMESPACE_NAME_KEY } from '../net/label-keys';
import { contains, Prefix } from '../net/prefix';
import { PrefixMap } from '../net/prefix-map';
import { ANY_VALUE, areDisjoint, fulfilling, intersection, isEmptySet, isWithin, ValueSet } from '../net/value-set';
import type { Agent } from './agent';
import { worldKey } from './labels';

/** The labels of namespaces, by name. */
type Namespaces = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** What is known of the labels that a selector selects, by `source:key`. */
export type Facts = ReadonlyMap<string, ValueSet>;

/** What a selector says of labels, with what follows for those of a namespace that is named. */
export function factsOf({ requirements }: LabelSelector, namespaces: Namespaces): Facts {
  const facts = new Map(withMore(new Map(), requirements));
  const add = (name: string, set: ValueSet) => facts.set(name, intersection(facts.get(name) ?? ANY_VALUE, set));
  const [name, twin] = [`k8s:${NAMESPACE_KEY}`, labelOfNamespace(NAMESPACE_NAME_KEY)];
  // What has a label of its namespace has a namespace, and every namespace has a label with its name.
  if ([...facts].some(([key, { absent }]) => !absent && key.startsWith(labelOfNamespace('')))) {
    add(name, fulfilling({ operator: 'Exists', values: [] }));
  }
  [name, twin].forEach((one) => namedIn(facts.get(one)).forEach((set) => (add(name, set), add(twin, set))));
  const names = namedIn(facts.get(name)).flatMap(({ values }) => [...values]);
  for (const [key, value] of names.length === 1 ? Object.entries(namespaces.get(names[0]) ?? {}) : []) {
    add(labelOfNamespace(key), fulfilling({ operator: 'In', values: [value] }));
  }
  return facts;
}

/**
 * A selector of endpoints or nodes, with the source of its labels: those are of Kubernetes, but for reserved ones. So a key without a source is that
 * of a NetworkPolicy, too.
 */
export function ofKubernetes(selector: LabelSelector): LabelSelector {
  const requirements = selector.requirements.map((one) =>
    one.source === 'any' && !RESERVED_NAMES.includes(one.key) ? { ...one, source: 'k8s' } : one,
  );
  return { ...selector, requirements };
}

const RESERVED_NAMES = ['host', 'world', 'health', 'init', 'ingress', 'unmanaged', 'remote-node', 'kube-apiserver', 'none'];

/** What is known if further requirements hold. */
export function withMore(known: Facts, requirements: readonly Requirement[]): Facts {
  const facts = new Map(known);
  for (const requirement of requirements) {
    const name = nameOf(requirement);
    facts.set(name, intersection(facts.get(name) ?? ANY_VALUE, fulfilling(requirement)));
  }
  return facts;
}

function labelOfNamespace(key: string): string {
  return `k8s:${NAMESPACE_LABELS_PREFIX}${key}`;
}

/** The set itself, if it lists its values. */
function namedIn(set: ValueSet | undefined): readonly ValueSet[] {
  return set === undefined || set.absent || set.isExcept ? [] : [set];
}

function nameOf({ source, key }: Pick<Requirement, 'source' | 'key'>): string {
  return `${source}:${key}`;
}

/** Whether labels of which this is known certainly fulfil the requirements. */
export function follows(requirements: readonly Requirement[], facts: Facts): boolean {
  return requirements.every((wide) => {
    const known = facts.get(nameOf(wide)) ?? (wide.source === 'any' ? facts.get(`k8s:${wide.key}`) : undefined);
    return known !== undefined && isWithin(known, fulfilling(wide));
  });
}

/** The labels that are known, as a key and as `key=value`, and the empty text: what something that covers all of it may be kept under. */
export function tokensOf(facts: Facts): readonly string[] {
  const tokens = new Set(['']);
  for (const [name, { absent, isExcept, values }] of facts) {
    const key = name.slice(name.indexOf(':') + 1);
    tokens.add(key);
    (absent || isExcept ? [] : [...values]).forEach((value) => tokens.add(`${key}=${value}`));
  }
  return [...tokens];
}

/** Whether nothing fulfils all that is known. */
export function isContradiction(facts: Facts): boolean {
  return [...facts.values()].some(isEmptySet);
}

/** Whether something may fulfil both selectors. */
export function mayMeet(a: LabelSelector, b: LabelSelector): boolean {
  const [one, other] = [a, b].map(meaningOf);
  if (one.isContradiction || other.isContradiction) {
    return false;
  }
  for (const [name, set] of other.written) {
    const known = one.facts.get(name);
    if (known !== undefined && areDisjoint(known, set)) {
      return false;
    }
  }
  return true;
}

interface Meaning {
  readonly facts: Facts;
  readonly written: Facts;
  readonly isContradiction: boolean;
}

/** The same selector is compared with thousands of others. */
function meaningOf(selector: LabelSelector): Meaning {
  const known = MEANINGS.get(selector);
  if (known !== undefined) {
    return known;
  }
  const [facts, written] = [factsOf(selector, new Map()), withMore(new Map(), selector.requirements)];
  const meaning = { facts, written, isContradiction: isContradiction(facts) };
  MEANINGS.set(selector, meaning);
  return meaning;
}

const MEANINGS = new WeakMap<LabelSelector, Meaning>();

/** Whether every peer of the narrow selector is one of the wide one. */
export function covers(wide: Selector, narrow: Selector, facts: Facts, agent: Agent): boolean {
  const { blocksMatchNodes } = agent;
  if (wide.is === 'labels') {
    return narrow.is === 'labels'
      ? follows(wide.requirements, facts)
      : wide.requirements.length === 0 || isWorldAround(wide, narrow, agent);
  }
  if (wide.is === 'block' && narrow.is === 'block') {
    // Where CIDRs match nodes, those of length 0 still do not.
    const isOfWorld = wide.block.length > 0 || narrow.block.length === 0 || !blocksMatchNodes;
    return isOfWorld && contains(wide.block, narrow.block) && wide.except.every((hole) => isOutside(narrow, hole));
  }
  return wide.is === narrow.is && wide.key === narrow.key;
}

/** Whether a selector selects the world, and the other one addresses of the world only. */
function isWorldAround({ requirements }: LabelSelector, narrow: Selector, agent: Agent): boolean {
  const [{ source, key, operator, values }] = requirements;
  const isWorld = requirements.length === 1 && source === 'reserved' && operator === 'In' && values.includes('');
  const isOfWorld = narrow.is === 'block' && !agent.blocksMatchNodes && !agent.blocksMatchPods;
  return isWorld && isOfWorld && key === worldKey(narrow.block.version, agent);
}

/** Whether a hole takes nothing away from a block. */
function isOutside({ block, except }: Selector & { is: 'block' }, hole: Prefix): boolean {
  return !contains(hole, block) && (!contains(block, hole) || isExcepted(hole, except));
}

/** Whether one of the prefixes contains another one. */
function isExcepted(hole: Prefix, except: readonly Prefix[]): boolean {
  if (except.length < FEW) {
    return except.some((own) => contains(own, hole));
  }
  const map = MAPS.get(except) ?? new PrefixMap<true>();
  if (map.isEmpty) {
    except.forEach((own) => map.set(own, true));
    MAPS.set(except, map);
  }
  return map.around(hole).length > 0;
}

/** Few are faster to try one by one. */
const FEW = 8;

/** The same list is asked for every hole of another one. */
const MAPS = new WeakMap<readonly Prefix[], PrefixMap<true>>();
