/** Rules as far as they open connections whole, whatever is asked on them. */
import type { OwnedRule } from '../../model/flow';
import type { Direction, Traffic } from '../../model/policy';
import { Coverage } from '../../resolve/coverage';
import type { SubjectRules } from '../../resolve/subjects';
import type { Given, Judged } from '../check';

/** A rule with the part of its traffic that no proxy sees; `whole` is the rule as it is. */
export interface PlainRule extends OwnedRule {
  readonly whole: OwnedRule;
}

/** The rules that allow connections, without asking about requests. */
export function plainRules(rules: readonly OwnedRule[], direction: Direction): readonly PlainRule[] {
  return rules.flatMap((owned): readonly PlainRule[] => {
    const { rule, policy } = owned;
    const traffic = rule.traffic?.filter(({ l7 }) => l7 === undefined);
    const isPlain =
      rule.direction === direction &&
      rule.effect === 'allow' &&
      rule.level === undefined &&
      rule.authentication === undefined &&
      rule.requires.length === 0;
    return isPlain && traffic?.length !== 0 ? [{ policy, rule: traffic === undefined ? rule : { ...rule, traffic }, whole: owned }] : [];
  });
}

/** Whether a piece of traffic is one port by its number. */
export function isOnePort({ port }: Traffic): boolean {
  return port.is === 'number' && port.number > 0 && port.end <= port.number;
}

/** Answers which of the rules around a subject covers another rule. `pick` says which rules count. */
export function coverageAround<T extends OwnedRule>(
  { subjects, inventory }: Judged,
  { agent }: Given,
  pick: (rules: readonly OwnedRule[]) => readonly T[],
): (one: SubjectRules) => readonly Coverage<T>[] {
  const read = subjects.reader((rules) => {
    const picked = pick(rules);
    return picked.length === 0 ? undefined : new Coverage(picked, agent, inventory.namespaces);
  });
  return (one) => read(one).filter((coverage) => coverage !== undefined);
}

/** What opens connections around a subject. Several checks ask. */
export function plainAround(judged: Judged, given: Given, direction: Direction): (one: SubjectRules) => readonly Coverage<PlainRule>[] {
  const known = KNOWN.get(judged) ?? {};
  KNOWN.set(judged, known);
  return (known[direction] ??= coverageAround(judged, given, (rules) => plainRules(rules, direction)));
}

const KNOWN = new WeakMap<Judged, Partial<Record<Direction, ReturnType<typeof plainAround>>>>();

/** The first rule that covers all of another one and is meant. */
export function coveringIn<T extends OwnedRule>(
  all: readonly Coverage<T>[],
  owned: Pick<OwnedRule, 'rule'>,
  isMeant: (by: T) => boolean = () => true,
): T | undefined {
  for (const coverage of all) {
    const found = coverage.ofRule(owned, isMeant);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
