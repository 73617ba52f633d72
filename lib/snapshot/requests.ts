/**
 * Requests that proxies rule on differently before and after a change.
 *
 * What proxies ask of requests tells only some kinds of requests apart: by the combination of expressions that a path matches, by the headers that are
 * there. One request of each kind is asked on both sides, so that two lists of rules are compared by what they let pass, however they are written.
 */
import type { Flow, HttpRequest, Ruling } from '../model/flow';
import type { HttpCondition } from '../model/policy';
import { Bounded } from '../net/bounded';
import { dnsAtoms } from '../net/dns-atoms';
import { isWhole } from '../net/regex';
import { regexAtoms, TextDomain } from '../net/regex-atoms';
import { Proxy, textOfCondition } from '../reach/traffic';
import type { Agent } from '../resolve/agent';
import { matchesName, stepsOf } from '../resolve/names';
import { serverNamePattern } from '../resolve/server-names';
import { matchesRequest, requestsAtEnvoy, writtenHeader } from '../verdict/requests';

export type Request = Pick<Flow, 'http' | 'dns' | 'sni'>;

/** The proxies that a request passes, one after the other, and the agent that they belong to. */
export interface Asked {
  readonly proxies: readonly Proxy[];
  readonly agent: Agent;
}

export interface RequestDifferences {
  /** Requests that pass after and not before, the simplest ones first. */
  readonly opened: readonly Request[];
  readonly closed: readonly Request[];
  /** Whether all other requests surely pass on both sides or on none. */
  readonly isWhole: boolean;
}

/** Compares what two lists of proxies ask, and gives some requests on which they differ. */
export function requestDifferences(before: Asked, after: Asked): RequestDifferences {
  const key = JSON.stringify(
    [before, after].map(({ proxies, agent }) => [proxies.map((one) => one.key), agent.minor, agent.normalizesPaths]),
  );
  const known = KNOWN.get(key) ?? differencesOf(before, after);
  KNOWN.set(key, known, 1);
  return known;
}

/** The same change is found between many ends. */
const KNOWN = new Bounded<string, RequestDifferences>(100);

function differencesOf(before: Asked, after: Asked): RequestDifferences {
  const old = new Set(before.proxies.map(({ key }) => key));
  const now = new Set(after.proxies.map(({ key }) => key));
  const isCommon = ({ key }: Proxy) => old.has(key) && now.has(key);
  const changed = [...before.proxies, ...after.proxies].filter((proxy) => !isCommon(proxy));
  const kinds = new Set(changed.map(({ is }) => is));
  const [kind] = kinds;
  if (kinds.size !== 1 || !(kind === 'http' || kind === 'dns' || kind === 'tls') || changed.some(hasMore)) {
    return { opened: [], closed: [], isWhole: false };
  }
  const [own, other] = [before, after].map(({ proxies, agent }): Asked => ({ proxies: proxies.filter((one) => !isCommon(one)), agent }));
  const common = { ...before, proxies: before.proxies.filter(isCommon) };
  const all = { http: httpRequests, dns: names, tls: serverNames }[kind](before, after);
  const found: Record<'opened' | 'closed', Request[]> = { opened: [], closed: [] };
  let isSure = all.isWhole;
  const mayDiffer = differingConditions(own, other);
  for (const request of all.requests.filter(mayDiffer)) {
    const [a, b] = [rulingOf(request, own), rulingOf(request, other)];
    // What is unknown for the same reason is the same on both sides.
    const both = a === b ? 'denied' : rulingOf(request, common);
    if (both === 'allowed' && [a, b].every((one) => one === 'allowed' || one === 'denied')) {
      found[a === 'denied' ? 'opened' : 'closed'].push(request);
    } else {
      isSure &&= both === 'denied';
    }
  }
  return { opened: found.opened.slice(0, MOST_SHOWN), closed: found.closed.slice(0, MOST_SHOWN), isWhole: isSure };
}

const MOST_SHOWN = 10;

/** Whether a request is about a condition that only one side has: what no such condition matches is ruled on alike. */
function differingConditions(before: Asked, after: Asked): (request: Request) => boolean {
  const [old, now] = [before, after].map(({ proxies }) => proxies.map(({ http }) => http));
  if (old.length !== 1 || now.length !== 1 || old[0].length === 0 || now[0].length === 0) {
    return () => true;
  }
  const [a, b] = [old[0], now[0]].map((list) => new Map(list.map((condition) => [textOfCondition(condition), condition])));
  const single = [...a, ...b].filter(([key]) => !a.has(key) || !b.has(key)).map(([, condition]) => condition);
  return ({ http }) => http === undefined || single.some((condition) => rulingOnRequest(condition, http, before.agent) !== 'denied');
}

/** Whether a proxy asks for more than its lists say. A list of another kind than that of the proxy is not looked at. */
function hasMore({ is, http, dns, serverNames: names, hasMore: more }: Proxy): boolean {
  const others = [...(is === 'http' ? [] : http), ...(is === 'dns' ? [] : dns), ...(is === 'tls' ? [] : names)];
  return more || others.length > 0;
}

/** What proxies say of a request, one after the other: `allowed`, `denied`, or what it depends on. */
function rulingOf(request: Request, { proxies, agent }: Asked): string {
  const rulings = proxies.map((proxy) => rulingOfOne(request, proxy, agent));
  const open = rulings.filter((one) => one !== 'allowed');
  return open.includes('denied') ? 'denied' : open.length === 0 ? 'allowed' : open.join(' ');
}

function rulingOfOne({ http, dns, sni }: Request, proxy: Proxy, agent: Agent): string {
  if (hasMore(proxy)) {
    return proxy.key;
  }
  if (http !== undefined) {
    return anyOf(proxy.http, (one) => rulingOnRequest(one, http, agent), textOfCondition);
  }
  return dns === undefined
    ? anyOf(proxy.serverNames, (text) => rulingOnServerName(text, sni!, agent))
    : anyOf(proxy.dns, (pattern) => rulingIf(matchesName(pattern, dns, agent.minor)));
}

/** What a list says of which one is enough: everything passes where there is none. */
function anyOf<T>(list: readonly T[], rule: (one: T) => Ruling, textOf: (one: T) => string = String): string {
  const unknown = new Set<T>();
  for (const one of list) {
    const ruling = rule(one);
    if (ruling === 'allowed') {
      return 'allowed';
    }
    if (ruling === 'unknown') {
      unknown.add(one);
    }
  }
  return list.length === 0 ? 'allowed' : unknown.size === 0 ? 'denied' : [...unknown].map(textOf).sort().join();
}

/** The ruling, if it is the same for all forms that the path may have when Envoy compares it. */
function rulingOnRequest(condition: HttpCondition, request: HttpRequest, agent: Agent): Ruling {
  const [first = 'unknown', ...others] = requestsAtEnvoy(request, agent).map((one) => matchesRequest(condition, one));
  return others.every((other) => other === first) ? first : 'unknown';
}

function rulingIf(holds: boolean): Ruling {
  return holds ? 'allowed' : 'denied';
}

function rulingOnServerName(text: string, name: string, { minor }: Agent): Ruling {
  const pattern = serverNamePattern(text, minor);
  try {
    return pattern === undefined ? 'unknown' : rulingIf(isWhole(pattern, name));
  } catch {
    return 'unknown';
  }
}

/** Requests of every kind; or of some kinds only. */
interface Requests {
  readonly requests: readonly Request[];
  readonly isWhole: boolean;
}

function names(...sides: readonly Asked[]): Requests {
  const patterns = sides.flatMap(({ proxies, agent }) => proxies.flatMap(({ dns }) => dns.map((one) => stepsOf(one, agent.minor))));
  const atoms = dnsAtoms(patterns, MOST_STEPS);
  const kindOf = (name: string) =>
    sides.flatMap(({ proxies, agent }) => proxies.flatMap((proxy) => proxy.dns.map((one) => matchesName(one, name, agent.minor)))).join();
  const kind = kindOf(OTHER_NAME);
  return {
    requests: (atoms ?? []).map(({ name }) => ({ dns: kindOf(name) === kind ? OTHER_NAME : name })),
    isWhole: atoms !== undefined,
  };
}

function serverNames(...sides: readonly Asked[]): Requests {
  const patterns = sides.flatMap(({ proxies, agent }) =>
    proxies.flatMap((proxy) => proxy.serverNames.flatMap((one) => serverNamePattern(one, agent.minor) ?? [])),
  );
  const { texts, isWhole: areAll } = textsOf(patterns, SERVER_NAME);
  return { requests: texts.map((sni) => ({ sni })), isWhole: areAll };
}

/** HTTP requests: every combination of a method, a path, a host and headers that the conditions tell apart. */
function httpRequests(...sides: readonly Asked[]): Requests {
  const conditions = sides.flatMap(({ proxies }) => proxies.flatMap(({ http }) => http));
  const compared = conditions.flatMap(comparedHeaders);
  const valuesOf = (...pseudo: readonly string[]) =>
    compared.filter(({ name }) => pseudo.includes(name)).flatMap(({ value }) => (value === undefined ? [] : quoted(value)));
  const [isNormalized, isOtherNormalized] = sides.map(({ agent }) => agent.normalizesPaths);
  const fields = {
    method: textsOf([...conditions.map(({ method }) => method), ...valuesOf(':method')], METHOD),
    path: textsOf([...conditions.map(({ path }) => path), ...valuesOf(':path')], isNormalized ? NORMALIZED_PATH : PATH),
    host: textsOf([...conditions.map(({ host }) => host), ...valuesOf(':authority', 'host')], HOST),
  };
  const headers = headersThatMayBe(compared.filter(({ name }) => !PSEUDO.includes(name)));
  const lengths = [...Object.values(fields).map(({ texts }) => texts.length), headers.length];
  const count = lengths.reduce((product, one) => product * one, 1);
  // Numbered like the digits of a number, each part with a base of its own.
  const demands = conditions.reduce((sum, one) => sum + 1 + one.headers.length + one.headerMatches.length, 0);
  const most = Math.min(MOST_REQUESTS, Math.ceil(MOST_DEMANDS / demands));
  const requests = Array.from({ length: Math.min(count, most) }, (_, number): Request => {
    let rest = number;
    const next = <T>(all: readonly T[]): T => {
      const one = all[rest % all.length];
      rest = Math.floor(rest / all.length);
      return one;
    };
    return {
      http: { headers: next(headers), host: next(fields.host.texts), path: next(fields.path.texts), method: next(fields.method.texts) },
    };
  });
  const areAll =
    isNormalized === isOtherNormalized && Object.values(fields).every((field) => field.isWhole) && headers.length < MOST_HEADERS;
  return { requests, isWhole: areAll && count <= most };
}

/** The combinations of parts of requests that are asked. */
const MOST_REQUESTS = 5_000;

/** How often a demand of a condition is looked at. */
const MOST_DEMANDS = 400_000;

/** The combinations of headers. */
const MOST_HEADERS = 2_000;

const MOST_STEPS = 2_000_000;

/** For a single expression, of so many at most. */
const MOST_SINGLE = 200;
const FEW_STEPS = 50_000;

const OTHER_NAME = 'other.example';

const PSEUDO = [':method', ':path', ':authority', 'host'];

/** What is no control character. */
const TEXT = '[^\\x00-\\x1f\\x7f]';

/** The texts of a field, and those that are the best examples. */
interface Field extends TextDomain {
  readonly examples: readonly string[];
}

const METHOD: Field = { within: "[-!#$%&'*+.^_`|~0-9A-Za-z]+", examples: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] };
const HOST: Field = { within: `${TEXT}*`, examples: [OTHER_NAME] };
const SERVER_NAME: Field = { within: '[-a-z0-9_]+(?:\\.[-a-z0-9_]+)*', examples: [OTHER_NAME] };
const PATH: Field = { within: `/${TEXT}*|\\*`, examples: ['/', '/other'] };

/**
 * Paths as Envoy compares them: normalised, and with any query. What is not normalised is ruled on as its normal form.
 * Source: `net/http-path.ts`.
 */
const NORMALIZED_PATH: Field = {
  within: `/[!$-;=@-\\[\\]_a-z|~]*(?:\\?(?:${TEXT})*)?`,
  not: '[^?]*/\\.\\.?',
  notBeginning: [
    '[^?]*//',
    '[^?]*/\\.\\.?[/?]',
    // Escapes of what needs none, and of a slash, a backslash and the end of texts.
    '[^?]*%(?:00|2[dDeEfF]|3[0-9]|4[1-9a-fA-F]|5[0-9aAcCfF]|6[1-9a-fA-F]|7[0-9aAeE])',
    '.*#',
  ]
    .map((one) => `(?:${one})`)
    .join('|'),
  examples: PATH.examples,
};

/** Texts that expressions tell apart; if that takes too long, one for each expression. */
function textsOf(patterns: readonly string[], field: Field): { readonly texts: readonly string[]; readonly isWhole: boolean } {
  const distinct = [...new Set(patterns)].filter((pattern) => pattern !== '');
  const atoms = regexAtoms(distinct, field, MOST_STEPS);
  if (atoms === undefined) {
    const single = distinct.slice(0, MOST_SINGLE).flatMap((pattern) => regexAtoms([pattern], field, FEW_STEPS) ?? []);
    return { texts: [...new Set([...field.examples, ...single.map(({ text }) => text)])], isWhole: false };
  }
  const kindOf = (text: string) => distinct.flatMap((pattern, i) => (matches(pattern, text) ? i : [])).join();
  const examples = new Map([...field.examples].reverse().map((text) => [kindOf(text), text]));
  return { texts: atoms.map(({ text, matching }) => examples.get(matching.join()) ?? text), isWhole: true };
}

/** Whether an expression matches a text; one that is too large to be compiled matches none, so that an example stays what it is. */
function matches(pattern: string, text: string): boolean {
  try {
    return isWhole(pattern, text);
  } catch {
    return false;
  }
}

/** An expression for exactly this text. */
function quoted(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** A header, and what its value is compared with, if it is. */
interface ComparedHeader {
  readonly name: string;
  readonly value: string | undefined;
}

function comparedHeaders({ headers, headerMatches }: HttpCondition): readonly ComparedHeader[] {
  const written = headers.map((text): ComparedHeader => {
    const { name, value } = writtenHeader(text);
    return { name: name.toLowerCase(), value };
  });
  const matched = headerMatches.map(({ name, value }) => ({ name: name.toLowerCase(), value: value === '' ? undefined : value }));
  return [...written, ...matched];
}

/** Each header is absent, or has one of the values that it is compared with, or another one. */
function headersThatMayBe(compared: readonly ComparedHeader[]): readonly HttpRequest['headers'][] {
  const names = [...new Set(compared.map(({ name }) => name))];
  let all: readonly HttpRequest['headers'][] = [{}];
  for (const name of names) {
    const values = new Set(compared.filter((one) => one.name === name).flatMap(({ value }) => value ?? []));
    const other = ['other', ...[...values].map((value) => `${value}x`)].find((value) => !values.has(value))!;
    const given = [...values, other].slice(0, MOST_HEADERS);
    // What would be cut off is not made.
    const some = all.slice(0, Math.ceil(MOST_HEADERS / (given.length + 1)));
    all = some.flatMap((headers) => [headers, ...given.map((value) => ({ ...headers, [name]: value }))]);
    if (all.length >= MOST_HEADERS) {
      return all.slice(0, MOST_HEADERS);
    }
  }
  return all;
}
