/** How often each family of answers is hit, and what is never hit. */
import { Answer, isAccepted } from './answers';
import { ValidationCase } from './cases';
import { counted, Counts } from './counts';
import { FAMILIES } from './families';
import { MUTATIONS } from './mutations';

export interface ValidationCoverage {
  /** By rule and name of the family; only those that the minor can hit. */
  readonly families: Counts;
  /** How many cases went through each mutation. */
  readonly mutations: Counts;
  /** How many leaves there are of each parser, as `port accepted` and `port refused`. */
  readonly leaves: Counts;
}

/** Counts over cases and the answers of one minor to them, in the same order; what is never hit counts 0. */
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
