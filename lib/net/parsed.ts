/**
 * The answer of every parser in this room: the value, or what is wrong with the text.
 *
 * A parser never throws. Who asks decides what to do: a construct throws at the line that is wrong,
 * a check reports a diagnostic.
 */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Refused;

/** Why a text was refused, and what to write instead. */
export interface Refused {
  readonly ok: false;
  /** What is: lower case, no full stop, the user's text in backticks. */
  readonly problem: string;
  /** What to do about it. */
  readonly help?: string;
}

/** The text means this value. */
export function accepted<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** The text means nothing: why, and what to write instead. */
export function refused(problem: string, help?: string): Refused {
  return { ok: false, problem, help };
}

/** The value; throws what is wrong with the text, and what to write instead. */
export function expectParsed<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) {
    throw new Error(refusalOf(parsed));
  }
  return parsed.value;
}

/** Why, and what to write instead, in one line. */
export function refusalOf({ problem, help }: Refused): string {
  return help === undefined ? problem : `${problem}; ${help}`;
}
