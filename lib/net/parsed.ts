/**
 * The result of every parser in `lib/net`: the value, or what is wrong with the input.
 *
 * A parser never throws. The caller decides what to do: a construct throws at the line that is wrong, a check reports a diagnostic.
 */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Refused;

/** Why the input was rejected, and what to write instead. */
export interface Refused {
  readonly ok: false;
  /** What is wrong: lower case, no full stop, the user's text in backticks. */
  readonly problem: string;
  /** What to do about it. */
  readonly help?: string;
}

/** The result for valid input. */
export function accepted<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** The result for invalid input: why, and what to write instead. */
export function refused(problem: string, help?: string): Refused {
  return { ok: false, problem, help };
}

/** Returns the value; throws an error with the problem and the help if the input was rejected. */
export function expectParsed<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) {
    throw new Error(refusalOf(parsed));
  }
  return parsed.value;
}

/** The problem and the help in one line. */
export function refusalOf({ problem, help }: Refused): string {
  return help === undefined ? problem : `${problem}; ${help}`;
}
