/**
 * Validations of an app that cdk8s runs again for each of its charts, although nothing has changed.
 *
 * A `Cluster` validates itself once when it is synthesized; until it is written, its validations are settled. In any other app, the library
 * cannot tell a validation for another chart from one after a change.
 */
import { IConstruct } from 'constructs';

const settled = new WeakSet<IConstruct>();

/** Adds a validation that is skipped while the app is settled. */
export function addValidation(construct: IConstruct, validate: () => string[]): void {
  const { root } = construct.node;
  construct.node.addValidation({ validate: () => (settled.has(root) ? [] : validate()) });
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
