import { IConstruct } from 'constructs';

/**
 * Adds a validation whose problems are remembered until the program says more: cdk8s validates an app again for each of its charts.
 *
 * @param countOf how much the program has said of what the problems depend on
 */
export function addValidation(construct: IConstruct, validate: () => string[], countOf: () => number): void {
  let last: { readonly count?: number; readonly problems: string[] } = { problems: [] };
  construct.node.addValidation({
    validate: () => {
      const count = countOf();
      if (last.count !== count) {
        last = { count, problems: validate() };
      }
      return last.problems;
    },
  });
}
