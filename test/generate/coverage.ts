/** Counts how often each family of answers is hit. */
import { Answer, isAccepted } from './answers';
import { ValidationCase } from './cases';
import { counted, Counts } from './counts';
import { FAMILIES } from './families';
import { MUTATIONS } from './mutations';

export interface ValidationCoverage {
  /** By rule and name of the family. Only families that the minor can hit. */
  readonly families: Counts;
  /** The number of cases with each mutation. */
  readonly mutations: Counts;
  /** The number of leaves of each parser, as `port accepted` and `port refused`. */
  readonly leaves: Counts;
}

/** Counts cases with the answers of one minor, in the same order. Families that are never hit count 0. */
export function validationCoverage(cases: readonly ValidationCase[], answers: readonly Answer[], minor: string): ValidationCoverage {
  const pairs = cases.map((one, index) => ({ one, answer: answers[index] }));
  const families = FAMILIES.filter(({ minors }) => minors === undefined || minors.includes(minor)).map(({ rule, name, isHit }) => {
    return [`${rule} ${name}`, pairs.filter(({ one, answer }) => isHit(one, answer)).length];
  });
  const leaves = pairs.flatMap(({ one, answer }) =>
    one.leaf === undefined ? [] : [`${one.leaf.parser} ${isAccepted(answer) ? 'accepted' : 'refused'}`],
  );
  return {
    families: Object.fromEntries(families) as Counts,
    mutations: counted(
      cases.flatMap(({ mutations = [] }) => mutations),
      MUTATIONS.map(({ name }) => name),
    ),
    leaves: counted(leaves),
  };
}
