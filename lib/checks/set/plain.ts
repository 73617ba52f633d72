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

/** The rules that allow connections for every endpoint of a subject, without asking about requests; `undefined` if there are none. */
export function plainRules(one: SubjectRules, direction: Direction, { subjects }: Judged): readonly PlainRule[] {
  return subjects.around(one).flatMap((owned): readonly PlainRule[] => {
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

/** Answers which of the rules covers another one. */
export function coverageOf<T extends OwnedRule>(rules: readonly T[], { inventory }: Judged, { agent }: Given): Coverage<T> {
  return new Coverage(rules, agent, inventory.namespaces);
}
