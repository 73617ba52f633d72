/**
 * Validations of an app that cdk8s runs again for each of its charts, although nothing has changed.
 *
 * A `Cluster` validates itself once when it is synthesized; until it is written, its validations are settled. In any other app, the library
 * cannot tell a validation for another chart from one after a change, unless a validation counts what it depends on.
 */
import { IConstruct } from 'constructs';

const settled = new WeakSet<IConstruct>();

/**
 * Adds a validation that is skipped while the app is settled.
 *
 * @param countOf how much the program has said of what the problems depend on: until it says more, they are remembered. Without it, nothing is
 * remembered.
 */
export function addValidation(construct: IConstruct, validate: () => string[], countOf?: () => number): void {
  const { root } = construct.node;
  let last: { readonly count?: number; readonly problems: string[] } = { problems: [] };
  const remembered = () => {
    const count = countOf?.();
    if (count === undefined || last.count !== count) {
      last = { count, problems: validate() };
    }
    return last.problems;
  };
  construct.node.addValidation({ validate: () => (settled.has(root) ? [] : remembered()) });
}

/** Runs something while the app does not change; `run` validates it first. */
export function whileSettled<T>(root: IConstruct, run: () => T): T {
  if (root.node.findAll().some(({ node }) => node.validate().length > 0)) {
    // cdk8s validates again, and throws with all problems.
    return run();
  }
  settled.add(root);
  try {
    return run();
  } finally {
    settled.delete(root);
  }
}
