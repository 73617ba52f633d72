/** Why a command could not run: told on standard error, with exit code 2 and without a stack trace. */
import type { Parsed } from '../net/parsed';

export class Failure extends Error {
  public constructor(
    message: string,
    public readonly help?: string,
  ) {
    super(message);
  }
}

/** The value, or the end of the run. */
export function valueOrFail<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) {
    throw new Failure(parsed.problem, parsed.help);
  }
  return parsed.value;
}
