import { IConstruct } from 'constructs';
import { nearest } from '../../net/nearest';
import { Parsed } from '../../net/parsed';

/** Throws what is wrong, what to do, and where: `problem; help, at chart/Web`. */
export function fail(problem: string, help?: string, at?: IConstruct): never {
  throw new Error(problem + (help === undefined ? '' : `; ${help}`) + (at === undefined ? '' : `, at ${at.node.path}`));
}

/** The parsed value; throws what was wrong with the text. */
export function must<T>(parsed: Parsed<T>, at?: IConstruct): T {
  return parsed.ok ? parsed.value : fail(parsed.problem, parsed.help, at);
}

/** Throws unless the list has items: callers of other languages, and spread arrays, may pass none. */
export function mustHaveItems(what: string, items: readonly unknown[], help: string, at?: IConstruct): void {
  if (items.length === 0) {
    fail(`${what} is empty`, help, at);
  }
}

/** Throws unless the value is one of the enum's, which JavaScript and other languages do not check. */
export function mustBeMember(what: string, value: string, members: Readonly<Record<string, string>>): void {
  for (const name in members) {
    if (members[name] === value) {
      return;
    }
  }
  const words = Object.values(members);
  const guess = typeof value === 'string' ? nearest(value, words) : undefined;
  fail(`unknown ${what} \`${String(value)}\``, guess === undefined ? `write one of ${words.join(', ')}` : `did you mean \`${guess}\`?`);
}

/** Throws unless the value is a string. */
export function mustBeText(what: string, value: string): void {
  if (typeof value !== 'string') {
    fail(`${what} is ${String(value)}, not a string`);
  }
}

/** For the `default` of a `switch` over a union: the compiler proves that no case is missing. */
export function unreachable(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
