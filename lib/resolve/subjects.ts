/** The distinct subjects of policies, each with the rules that surely apply to every endpoint of it. */
import type { OwnedRule } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { LabelSelector, Policy, Requirement, Subject } from '../model/policy';
import { groupedBy } from '../net/grouped';
import { NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, NAMESPACE_NAME_KEY, isOfNamespace } from '../net/label-keys';
import { Facts, factsOf, follows, isContradiction, ofKubernetes, tokensOf } from './containment';
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
    const owned = policies.flatMap((policy) => {
      const [part, folder] = [partOf(policy), folderOf(policy)];
      const place = `${part} ${folder === undefined ? '' : unknownIn(folder)}`;
      return policy.rules.map((rule) => ({ part, folder, place, owned: { policy, rule } }));
    });
    const certain = owned.filter(({ owned: { rule } }) => rule.isUncertain !== true);
    const groups = groupedBy(certain, ({ place, owned: { rule } }) => `${rule.subject.is} ${place} ${rule.subject.selector.key}`);
    this.all = [...groups.values()]
      .map((same): SubjectRules => {
        const rules = same.map((one): OwnedRule => one.owned);
        const [{ policy, rule }] = rules;
        const [{ part, folder }] = same;
        const { is } = rule.subject;
        const selector = ofKubernetes(rule.subject.selector);
        if (folder === undefined) {
          return { subject: { is, selector }, facts: factsOf(selector, namespaces), rules, part, least: selector };
        }
        const { namespace: assumed } = policy;
        const [own, least] = [inNamespace(selector, assumed, unknownIn(folder)), inNamespace(selector, assumed, undefined)];
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

/** Stands for the namespace of a folder that is not known: no namespace is called so. */
function unknownIn(folder: string): string {
  return `in ${folder}`;
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

/** Whether a subject is every endpoint of the cluster, but for namespaces that it leaves out. */
export function isEveryEndpoint({ subject, facts }: SubjectRules): boolean {
  const isLeftOut = (name: string) => name.startsWith('k8s:') && isOfNamespace(name.slice('k8s:'.length));
  return subject.is === 'endpoints' && [...facts].every(([name, { isExcept }]) => isExcept && isLeftOut(name));
}

/** The labels with the name of a namespace, with their source. */
export const NAMESPACE_NAMES = [`k8s:${NAMESPACE_KEY}`, `k8s:${NAMESPACE_LABELS_PREFIX}${NAMESPACE_NAME_KEY}`];
