/** The reason why a command could not run. It is printed on standard error without a stack trace, and the exit code is 2. */
import type { Parsed } from '../net/parsed';

export class Failure extends Error {
  public constructor(
    message: string,
    public readonly help?: string,
  ) {
    super(message);
  }
}

/** Returns the value; throws a `Failure` if the input was rejected. */
export function valueOrFail<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) {
    throw new Failure(parsed.problem, parsed.help);
  }
  return parsed.value;
}
