/** What the proxies decide about one request on a connection that is redirected to them. Source: cilium/proxy `cilium/network_policy.cc`. */
import type { HttpRequest, Ruling } from '../model/flow';
import type { Labels } from '../model/label';
import { HeaderCondition, HttpCondition, TIERS } from '../model/policy';
import { plainName } from '../net/dns-pattern';
import { normalizedPaths } from '../net/http-path';
import { isWhole } from '../net/regex';
import type { Agent } from '../resolve/agent';
import type { Cell, Filter } from '../resolve/cells';
import { selects } from '../resolve/matching';
import { matchesName } from '../resolve/names';
import { serverNamePattern } from '../resolve/server-names';
import type { Step } from './tiers';

/** The ruling if one of two is enough. */
function either(a: Ruling, b: Ruling): Ruling {
  if (a === 'allowed' || b === 'allowed') {
    return 'allowed';
  }
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'denied';
}

/** The ruling if both must hold. */
export function both(a: Ruling, b: Ruling): Ruling {
  if (a === 'denied' || b === 'denied') {
    return 'denied';
  }
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'allowed';
}

function rulingOf(holds: boolean): Ruling {
  return holds ? 'allowed' : 'denied';
}

/** Envoy's ruling: one of the matching rules must allow the request. It is unknown if Envoy answers the request itself. */
export function judgeHttp(steps: readonly Step[], request: HttpRequest, agent: Agent): Ruling {
  const [ruling = 'unknown', ...others] = requestsAtEnvoy(request, agent).map((one) =>
    rulingOfSteps(steps, (cell) => judgeHttpCell(cell, one)),
  );
  return others.every((other) => other === ruling) ? ruling : 'unknown';
}

/** The request with each form that its path may have when Envoy compares it; none if Envoy answers with a redirect or an error. */
export function requestsAtEnvoy(request: HttpRequest, { normalizesPaths }: Agent): readonly HttpRequest[] {
  return normalizesPaths ? normalizedPaths(request.path).map((path) => ({ ...request, path })) : [request];
}

/** A request that no rule of a step allows is left to the steps that follow, of which one may deny it. */
function rulingOfSteps(steps: readonly Step[], rule: (cell: Cell) => Ruling): Ruling {
  const allowing = steps.filter(({ effect }) => effect === 'allow').flatMap(({ cells }) => cells);
  return allowing.map(rule).reduce(either, 'denied');
}

function judgeHttpCell({ parser, http, terminatingTls, originatingTls, serverNames }: Cell, request: HttpRequest): Ruling {
  if (parser === '' || parser === 'dns') {
    // Envoy receives a rule without an L7 part.
    return 'allowed';
  }
  if (terminatingTls !== undefined || originatingTls !== undefined || serverNames.length > 0 || parser !== 'http') {
    return 'unknown';
  }
  return http.length === 0 ? 'allowed' : http.map((condition) => matchesRequest(condition, request)).reduce(either, 'denied');
}

/** A condition matches if every part of the request that it names matches. Source: cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`. */
export function matchesRequest(condition: HttpCondition, request: HttpRequest): Ruling {
  return demandsOf(condition, request)
    .map(({ ruling }) => ruling)
    .reduce(both, 'allowed');
}

/** What a condition demands of one part of a request, and whether the request fulfils it. */
interface Demand {
  readonly ruling: Ruling;
  /** What to say if it does not. */
  readonly difference: string;
}

/** The demands of a condition, one for each part of the request that it names. */
export function demandsOf({ path, method, host, headers, headerMatches }: HttpCondition, request: HttpRequest): readonly Demand[] {
  const fields: [string, string, string][] = [
    ['method', method, request.method],
    ['path', path, request.path],
    ['host', host, request.host],
  ];
  const missing = (text: string) => `the request has no header \`${text}\``;
  return [
    ...fields
      .filter(([, pattern]) => pattern !== '')
      .map(([name, pattern, value]) => ({
        ruling: matchesField(pattern, value),
        difference: `${name} is \`${value}\`, and the rule allows \`${pattern}\``,
      })),
    ...headers.map((text) => ({ ruling: matchesHeaderText(text, request), difference: missing(text) })),
    ...headerMatches.map((header) => ({
      ruling: matchesHeader(header, request),
      difference: missing(header.value === '' ? header.name : `${header.name}: ${header.value}`),
    })),
  ];
}

/** Cilium does not compile `host`. If Envoy cannot compile it, Envoy rejects the whole policy. */
function matchesField(pattern: string, value: string): Ruling {
  try {
    return rulingOf(isWhole(pattern, value));
  } catch {
    return 'unknown';
  }
}

/** `NAME VALUE` or `NAME`. If a value follows, the colons after the name are removed. */
export function writtenHeader(text: string): { readonly name: string; readonly value: string | undefined } {
  const blank = text.indexOf(' ');
  return blank < 0
    ? { name: text, value: undefined }
    : { name: text.slice(0, blank).replace(/(?<!:):+$/, ''), value: text.slice(blank + 1) };
}

function matchesHeaderText(text: string, request: HttpRequest): Ruling {
  const { name, value } = writtenHeader(text);
  return value === undefined ? isThere(name, request) : matchesValue(name, value, request);
}

function isThere(name: string, request: HttpRequest): Ruling {
  return isEnvoys(name) ? 'unknown' : rulingOf(headerOf(name, request) !== undefined);
}

function matchesValue(name: string, expected: string, request: HttpRequest): Ruling {
  if (isEnvoys(name)) {
    return 'unknown';
  }
  const value = headerOf(name, request);
  if (value === undefined) {
    return 'denied';
  }
  // Cilium's code does not show what Envoy does with an empty value.
  return expected === '' && value !== '' ? 'unknown' : rulingOf(value === expected);
}

/** With a `mismatch` action, a header that does not match has a side effect, and the rule still matches. The value of a Secret is not known here. */
function matchesHeader({ name, value, secret, mismatch }: HeaderCondition, request: HttpRequest): Ruling {
  if (['LOG', 'ADD', 'DELETE', 'REPLACE'].includes(mismatch)) {
    return 'allowed';
  }
  if (value !== '') {
    return matchesValue(name, value, request);
  }
  const ruling = isThere(name, request);
  return secret !== undefined && ruling === 'allowed' ? 'unknown' : ruling;
}

/**
 * Whether Envoy itself writes, changes or removes a header before it compares it.
 * Source: Envoy, "HTTP header manipulation"; cilium `pkg/envoy/model.go`, GetHttpFilterChainProto.
 */
function isEnvoys(name: string): boolean {
  const plain = name.toLowerCase();
  return HEADERS_OF_ENVOY.includes(plain) || plain.startsWith('x-envoy-') || plain.startsWith('x-forwarded-');
}

const HEADERS_OF_ENVOY = [
  ...[':scheme', ':protocol', 'x-request-id', 'x-client-trace-id', 'forwarded'],
  ...['connection', 'content-length', 'expect', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade'],
];

/** The value of a header, or of a part that HTTP/2 sends as a header. To Envoy the header `host` is `:authority`. */
function headerOf(name: string, { method, path, host, headers }: HttpRequest): string | undefined {
  switch (name.toLowerCase()) {
    case ':method':
      return method;
    case ':path':
      return path;
    case ':authority':
    case 'host':
      return host;
    default:
      return Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  }
}

/**
 * The DNS proxy's ruling on a query for a name. It looks at names only, not at record types.
 *
 * The proxy has rules for one port and protocol. It never sees an allow of every port or of a range. If several filters resolve to the same port,
 * it has the rules of only one: of a named port first, otherwise which one is random. Source: cilium `pkg/endpoint/bpf.go`, addNewRedirects;
 * `pkg/fqdn/dnsproxy/proxy.go`, CheckAllowed.
 */
export function judgeDns(filters: readonly Filter[], peer: Labels, query: string, agent: Agent): Ruling {
  const candidates = filtersOfDnsProxy(filters).map(({ cells }) => judgeDnsCells(cells, peer, query, agent));
  const [first = 'denied', ...others] = candidates;
  return others.every((other) => other === first) ? first : 'unknown';
}

/** The filters of a port of which the DNS proxy has the rules of one. */
export function filtersOfDnsProxy(filters: readonly Filter[]): readonly Filter[] {
  const redirecting = ofFirstTier(filters.filter(({ cells }) => parsersOf(cells).size > 0));
  const named = redirecting.filter(({ port }) => port.is === 'name');
  return named.length > 0 ? named : redirecting;
}

/** Of filters of several tiers for one port, the proxy gets the first. */
function ofFirstTier(filters: readonly Filter[]): readonly Filter[] {
  const first = TIERS.find((tier) => filters.some((one) => one.tier === tier));
  return filters.filter(({ tier }) => tier === first);
}

/** The parsers that a filter redirects to. A listener of a policy has a proxy of its own. */
export function parsersOf(cells: readonly Cell[]): ReadonlySet<string> {
  return new Set(cells.filter(({ parser, listener }) => parser !== '' && listener === '').map(({ parser }) => parser));
}

function judgeDnsCells(cells: readonly Cell[], peer: Labels, query: string, agent: Agent): Ruling {
  const parsers = parsersOf(cells);
  if (parsers.size > 1 || !parsers.has('dns')) {
    // One port has one proxy; of two parsers, which one it gets is random.
    return 'unknown';
  }
  const own = cells.filter(({ effect, selector }) => effect === 'allow' && selects(selector, peer, agent));
  const name = plainName(query);
  return own
    .map(({ dns }) => rulingOf(dns.length === 0 || dns.some((pattern) => matchesName(pattern, name, agent.minor))))
    .reduce(either, 'denied');
}

/** Envoy's ruling on the server name of a TLS connection. */
export function judgeServerName(steps: readonly Step[], name: string, agent: Agent): Ruling {
  return rulingOfSteps(steps, (cell) => judgeServerNameCell(cell, plainName(name), agent));
}

function judgeServerNameCell({ parser, terminatingTls, originatingTls, serverNames }: Cell, name: string, agent: Agent): Ruling {
  if (parser === '') {
    return 'allowed';
  }
  if (terminatingTls !== undefined || originatingTls !== undefined || parser !== 'tls') {
    return 'unknown';
  }
  return serverNames
    .map((text) => serverNamePattern(text, agent.minor))
    .map((pattern) => (pattern === undefined ? 'unknown' : rulingOf(isWhole(pattern, name))))
    .reduce(either, 'denied');
}
