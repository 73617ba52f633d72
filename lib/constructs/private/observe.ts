import { IConstruct } from 'constructs';
import { fail } from './errors';

/** Throws if the intent only observes: its denies would deny all the same. */
export function mustNotObserve(observes: boolean, verb: string, construct: IConstruct): void {
  if (observes) {
    fail(`${verb} on an intent that observes would deny at once`, 'write the deny in a policy of its own, or leave observe out', construct);
  }
}

/** The `defaultDeny…` of an intent's direction: what its rules make it, or off. */
export function defaultDeny(observe: boolean | undefined): false | undefined {
  return observe === true ? false : undefined;
}
