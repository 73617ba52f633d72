/** Which check a user most likely means, of those that can be suppressed. */
import { isOwnCheck } from '../model/diagnostic';
import { closest, isSlip } from '../net/did-you-mean';
import { CHECKS } from './registry';

/** The code of the check that has a name, or nearly the name or the code; `undefined` if none is near. */
export function codeMeant(text: string): string | undefined {
  const known = CHECKS.filter(({ code }) => !isOwnCheck(code));
  const name = closest(
    text,
    known.map((check) => check.name),
  );
  // Many codes differ in two digits, so only one digit too many, too few or in the wrong place counts.
  return known.find((check) => check.name === name)?.code ?? known.find(({ code }) => isSlip(code, text))?.code;
}
