/**
 * The resolved policy of one direction of an endpoint: a filter for each port and protocol, in it a cell for each selector of peers, in which
 * Cilium has merged what all rules say of it.
 *
 * Source: cilium `pkg/policy/rule.go`, mergePortProto, and `pkg/policy/l4.go`, createL4Filter.
 */
import { isSince, Minor } from '../crd/minor';
import type { OwnedRule } from '../model/flow';
import type { HttpCondition, Layer7, Listener, Protocol, Selector, Traffic, TrafficPort } from '../model/policy';

export interface Filter {
  /** `any` for a rule that names no traffic. */
  readonly protocol: Protocol | 'any';
  readonly port: TrafficPort;
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly selector: Selector;
  readonly effect: 'allow' | 'deny';
  readonly parser: Parser;
  /** Of the redirect: the lowest wins. 0 where there is none. */
  readonly priority: number;
  readonly http: readonly HttpCondition[];
  readonly dns: readonly string[];
  /** Rules of parsers that nobody judges here. */
  readonly otherRules: number;
  readonly serverNames: readonly string[];
  readonly terminatingTls?: string;
  readonly originatingTls?: string;
  readonly listener: string;
  readonly authentication?: string;
  /** The rules that it comes from; none for the exemption of the host. */
  readonly because: readonly OwnedRule[];
}

/** What handles a connection; empty for nothing, another word for a parser of one's own, up to 1.19. */
export type Parser = string;

/** Why the policy of an endpoint does not resolve: the agent keeps what it had before. */
export class Conflict extends Error {
  public constructor(
    message: string,
    public readonly between: readonly OwnedRule[],
  ) {
    super(message);
  }
}

/** The cell of a rule for one selector and one piece of traffic. */
export function cellOf(owned: OwnedRule, selector: Selector, traffic: Traffic | undefined, isOpen: boolean, namespace: string): Cell {
  const { effect, authentication } = owned.rule;
  const l7 = effect === 'deny' ? undefined : traffic?.l7;
  const parser = l7 === undefined ? '' : parserOf(l7);
  return {
    selector,
    effect,
    parser,
    priority: priorityOf(parser, l7?.listener),
    http: l7?.http ?? [],
    // Where nothing is denied by default, all names pass; of requests the allow of everybody says so, which the DNS proxy does not see.
    dns: l7?.dns === undefined ? [] : [...l7.dns, ...(isOpen ? [ANY_NAME] : [])],
    otherRules: (l7?.kafka ?? 0) + (l7?.custom?.rules ?? 0),
    serverNames: [...new Set(l7?.serverNames)].sort(),
    terminatingTls: l7?.terminatingTls,
    originatingTls: l7?.originatingTls,
    listener: l7?.listener === undefined ? '' : listenerName(l7.listener, namespace, owned),
    authentication: effect === 'deny' ? undefined : authentication,
    because: [owned],
  };
}

function priorityOf(parser: Parser, listener: Listener | undefined): number {
  return listener === undefined || listener.priority === 0 ? (PRIORITIES[parser] ?? PROXYLIB) : listener.priority;
}

const ANY_REQUEST: HttpCondition = { path: '', method: '', host: '', headers: [], headerMatches: [] };
const ANY_NAME = '*';
const WILDCARD = { http: [ANY_REQUEST], dns: [ANY_NAME] };
const NOTHING: typeof WILDCARD = { http: [], dns: [] };

/** Source: cilium `pkg/policy/l4.go`. From 1 to 100 are those that a policy can give its listener. */
const PRIORITIES: Readonly<Record<string, number>> = { '': 0, http: 101, kafka: 106, tls: 116, dns: 121, crd: 126 };
const PROXYLIB = 111;

/** What has no rules of requests looks into TLS. */
function parserOf({ http, dns, kafka, custom, listener }: Layer7): Parser {
  if (listener !== undefined) {
    return 'crd';
  }
  if (dns !== undefined) {
    return 'dns';
  }
  if (http !== undefined) {
    return 'http';
  }
  return kafka !== undefined ? 'kafka' : (custom?.parser ?? 'tls');
}

/** A CiliumEnvoyConfig is one of the namespace of the endpoint. */
function listenerName({ kind, envoyConfig, name }: Listener, namespace: string, owned: OwnedRule): string {
  if (kind === 'CiliumEnvoyConfig' && namespace === '') {
    throw new Conflict(`listener \`${name}\` of a CiliumEnvoyConfig cannot be used by an endpoint without a namespace`, [owned]);
  }
  return `${kind}/${envoyConfig}/${name}`;
}

/** Two cells of one filter and selector in one, or a conflict. */
export function merged(old: Cell, next: Cell, minor: Minor): Cell {
  const because = joined(old, next);
  if (isSame(old, next)) {
    return { ...old, because };
  }
  if (old.effect !== next.effect) {
    const winner = old.effect === 'deny' ? old : next;
    // In 1.18 Cilium names both.
    return isSince(minor, '1.19') ? winner : { ...winner, because };
  }
  const cell = {
    ...old,
    ...mergedRedirect(old, next),
    authentication: agreed(old, next, 'authentication', 'authentication types'),
    terminatingTls: agreed(old, next, 'terminatingTls', 'terminating TLS contexts'),
    originatingTls: agreed(old, next, 'originatingTls', 'originating TLS contexts'),
    serverNames: [...new Set([...old.serverNames, ...next.serverNames])].sort(),
    because,
  };
  if (cell.serverNames.length > 0 && hasRules(old) && cell.terminatingTls === undefined) {
    throw new Conflict('server names cannot be merged with L7 rules of the same peers and port unless TLS is terminated', because);
  }
  // Rules add up; beside a rule that asks nothing every request passes.
  const opened = hasRules(old) === hasRules(next) ? NOTHING : WILDCARD;
  return {
    ...cell,
    http: united(old.http, next.http, opened.http),
    dns: united(old.dns, next.dns, opened.dns),
    otherRules: old.otherRules + next.otherRules,
  };
}

/** Whose cells they are. */
function joined(old: Cell, next: Cell): readonly OwnedRule[] {
  return [...new Set([...old.because, ...next.because])];
}

function isSame(a: Cell, b: Cell): boolean {
  return saidBy(a) === saidBy(b);
}

/** All that a cell says, whoever says it. */
function saidBy(cell: Cell): string {
  return JSON.stringify({ ...cell, because: [] }, asText);
}

/** Numbers of addresses are no JSON. */
function asText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function hasRules({ http, dns, otherRules }: Cell): boolean {
  return http.length + dns.length + otherRules > 0;
}

function united<T>(a: readonly T[], b: readonly T[], opened: readonly T[]): readonly T[] {
  return a.length + b.length === 0 ? [] : [...a, ...b, ...opened];
}

function agreed(old: Cell, next: Cell, field: 'authentication' | 'terminatingTls' | 'originatingTls', what: string): string | undefined {
  const [a, b] = [old[field], next[field]];
  if (a !== undefined && b !== undefined && a !== b) {
    throw new Conflict(`cannot merge conflicting ${what} (${b}/${a})`, joined(old, next));
  }
  return a ?? b;
}

/** Nothing gives way to any parser, TLS to those that look into it; of listeners the one with the lower priority wins. */
function mergedRedirect(old: Cell, next: Cell): Pick<Cell, 'parser' | 'priority' | 'listener'> {
  const parser = mergedParser(old, next);
  const hasTwo = old.listener !== '' && next.listener !== '' && old.listener !== next.listener;
  if (hasTwo && old.priority === next.priority) {
    throw new Conflict(
      `cannot merge conflicting listeners (${next.listener}/${old.listener}) with the same priority (${old.priority})`,
      joined(old, next),
    );
  }
  const isNext = parser !== old.parser || (parser === next.parser && next.priority < old.priority);
  const { priority, listener } = isNext ? next : old;
  return { parser, priority, listener };
}

function mergedParser(old: Cell, next: Cell): Parser {
  const [a, b] = [old.parser, next.parser];
  if (a === b || canBecome(a, b)) {
    return b;
  }
  if (canBecome(b, a)) {
    return a;
  }
  throw new Conflict(`cannot merge conflicting L7 parsers (${a}/${b})`, joined(old, next));
}

function canBecome(from: Parser, to: Parser): boolean {
  return from === '' || (from === 'tls' && !['', 'dns', 'crd'].includes(to));
}
