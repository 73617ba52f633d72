import { IConstruct } from 'constructs';
import { closest } from '../net/did-you-mean';
import { Parsed } from '../net/parsed';
import { printable } from '../net/printable';
import { inLanguage } from './language';

/** Throws an error that says what is wrong, what to do, and where: `problem; help, at chart/Web`. */
export function fail(problem: string, help?: string, at?: IConstruct): never {
  // What a user wrote may have line breaks.
  const message = inLanguage(problem + (help === undefined ? '' : `; ${help}`));
  throw new Error(printable(message + (at === undefined ? '' : `, at ${at.node.path}`)));
}

/** Returns the parsed value; throws if the value is not a string or the parser rejects it. */
export function must<T>(what: string, text: string, parse: (text: string) => Parsed<T>, at?: IConstruct): T {
  mustBeText(what, text, at);
  const parsed = parse(text);
  return parsed.ok ? parsed.value : fail(parsed.problem, parsed.help, at);
}

// TypeScript rejects the following mistakes too. JavaScript and the other languages do not.

/** Throws unless the value is a string. */
export function mustBeText(what: string, value: string, at?: IConstruct): void {
  if (typeof value !== 'string') {
    fail(`${what} is ${shown(value)}, not a string`, undefined, at);
  }
}

/** Throws unless the value is absent, `true` or `false`. */
export function mustBeSwitch(what: string, value: boolean | undefined, at?: IConstruct): void {
  if (value !== undefined && typeof value !== 'boolean') {
    fail(`${what} is ${shown(value)}, not a boolean`, undefined, at);
  }
}

/** Throws unless the value is a construct. */
export function mustBeConstruct(what: string, value: IConstruct): void {
  if (typeof (value as Partial<IConstruct> | null | undefined)?.node?.findAll !== 'function') {
    fail(`${what} is ${shown(value)}, not a construct`, 'give the app, a chart or a construct');
  }
}

/** Throws unless the value is an instance of the class or of a derived class. */
export function mustBeA(type: Factory, what: string, value: unknown, at?: IConstruct): void {
  if (!(value instanceof type)) {
    const example = EXAMPLES[type.name];
    fail(
      `${what} is ${shown(value)}, not ${withArticle(type.name)}`,
      example === undefined ? undefined : `write one, for example ${example}`,
      at,
    );
  }
}

/** How to make a value of each class. */
const EXAMPLES: Readonly<Record<string, string | undefined>> = {
  Selector: 'Selector.all()',
  HttpRule: "HttpRule.get('/')",
  HeaderMatch: "HeaderMatch.present('X-Team')",
  Peer: "Peer.labels({ app: 'web' })",
  EgressPeer: "Peer.labels({ app: 'web' })",
  PlainTraffic: 'Port.tcp(443)',
  Traffic: 'Port.tcp(443)',
  EgressTraffic: 'Port.tcp(443)',
  Port: 'Port.tcp(443)',
  DnsResolver: 'DnsResolver.kubeDns()',
  ControlPlane: 'ControlPlane.server(Peer.any())',
  CloudProfile: 'CloudProfile.tke()',
};

export type Factory = { readonly name: string; [Symbol.hasInstance](value: unknown): boolean };

/** Throws unless the value is a list with items: a rest parameter may have none. */
export function mustHaveItems(what: string, items: readonly unknown[], help: string, at?: IConstruct): void {
  if (!Array.isArray(items)) {
    fail(`${what} is ${shown(items)}, not a list`, undefined, at);
  }
  if (items.length === 0) {
    fail(`${what} is empty`, help, at);
  }
}

/** Throws unless the value is a member of the enum. */
export function mustBeMember(what: string, value: string, members: Readonly<Record<string, string>>, at?: IConstruct): void {
  for (const name in members) {
    if (members[name] === value) {
      return;
    }
  }
  const words = Object.values(members);
  const guess = typeof value === 'string' ? closest(value, words) : undefined;
  fail(`unknown ${what} ${shown(value)}`, guess === undefined ? `write one of ${words.join(', ')}` : `did you mean \`${guess}\`?`, at);
}

/** Returns what the function returns. Adds the construct path, if there is one, to an error of a value, which does not know its construct. */
export function within<T>(at: IConstruct | undefined, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const message = (error as Error).message;
    throw at === undefined || /, at \S+$/.test(message) ? error : new Error(`${message}, at ${at.node.path}`);
  }
}

function withArticle(name: string): string {
  return `${/^(?:[AEIOU]|L7|Http)/.test(name) ? 'an' : 'a'} ${name}`;
}

/** A value as a message shows it: a string in backticks, an object by its class. */
export function shown(value: unknown): string {
  if (typeof value === 'string') {
    return `\`${value}\``;
  }
  if (typeof value === 'object' && value !== null) {
    const { constructor } = value as { constructor?: { name: string } };
    return Array.isArray(value)
      ? 'a list'
      : constructor === Object || constructor === undefined
        ? 'an object'
        : withArticle(constructor.name);
  }
  return typeof value === 'function' ? 'a function' : String(value);
}

/** For the `default` of a `switch` over a union: it does not compile if a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
