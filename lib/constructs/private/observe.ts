import { IConstruct } from 'constructs';
import { fail } from './errors';

/** Throws if the intent only observes: its deny rules would take effect all the same. */
export function mustNotObserve(observes: boolean, verb: string, construct: IConstruct): void {
  if (observes) {
    fail(
      `${verb} on an intent with observe would deny at once`,
      'write the deny rule in a separate policy, or leave observe out',
      construct,
    );
  }
}

/** The `defaultDeny…` of an intent: off if it observes, otherwise what its rules imply. */
export function defaultDeny(observe: boolean | undefined): false | undefined {
  return observe === true ? false : undefined;
}
