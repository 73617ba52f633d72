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

/** What cells say beside their lists. */
type Terms = Omit<Cell, 'http' | 'dns' | 'serverNames' | 'because'>;

/** A cell while rules are merged into it, one after the other. Its lists grow in place: there may be a hundred thousand rules for a port. */
export class OpenCell {
  private terms: Terms;
  private readonly http: HttpCondition[];
  private readonly dns: string[];
  private readonly serverNames: Set<string>;
  private readonly because: Set<OwnedRule>;

  private constructor({ http, dns, serverNames, because, ...terms }: Cell) {
    this.terms = terms;
    this.http = [...http];
    this.dns = [...dns];
    this.serverNames = new Set(serverNames);
    this.because = new Set(because);
  }

  public static of(cell: Cell | OpenCell): OpenCell {
    return cell instanceof OpenCell ? cell : new OpenCell(cell);
  }

  /** What its rules come to. */
  public closed(): Cell {
    const { http, dns, serverNames, because } = this;
    return { ...this.terms, http, dns, serverNames: [...serverNames].sort(), because: [...because] };
  }

  /** Together with what one more rule says of the same peers; throws a `Conflict` where the two cannot be merged. */
  public with(next: Cell, minor: Minor): OpenCell {
    if (this.terms.effect !== next.effect) {
      return this.denying(next, minor);
    }
    this.merge(next);
    this.name(next.because);
    return this;
  }

  /** The one of both that denies. */
  private denying(next: Cell, minor: Minor): OpenCell {
    const [winner, loser] = this.terms.effect === 'deny' ? [this, OpenCell.of(next)] : [OpenCell.of(next), this];
    // In 1.18 Cilium names both.
    if (!isSince(minor, '1.19')) {
      winner.name(loser.because);
    }
    return winner;
  }

  private name(rules: Iterable<OwnedRule>): void {
    for (const rule of rules) {
      this.because.add(rule);
    }
  }

  private merge(next: Cell): void {
    const hadRules = this.hasRules;
    this.terms = {
      ...this.terms,
      ...this.mergedRedirect(next),
      authentication: this.agreed(next, 'authentication', 'authentication types'),
      terminatingTls: this.agreed(next, 'terminatingTls', 'terminating TLS contexts'),
      originatingTls: this.agreed(next, 'originatingTls', 'originating TLS contexts'),
      otherRules: this.terms.otherRules + next.otherRules,
    };
    next.serverNames.forEach((name) => this.serverNames.add(name));
    if (this.serverNames.size > 0 && hadRules && this.terms.terminatingTls === undefined) {
      throw this.conflict(next, 'server names cannot be merged with L7 rules of the same peers and port unless TLS is terminated');
    }
    // Rules add up; beside a rule that asks nothing every request passes.
    const opened = hadRules === hasRules(next) ? NOTHING : WILDCARD;
    [...next.http, ...opened.http].forEach((one) => this.http.push(one));
    [...next.dns, ...opened.dns].forEach((one) => this.dns.push(one));
  }

  private get hasRules(): boolean {
    return hasRules({ http: this.http, dns: this.dns, otherRules: this.terms.otherRules });
  }

  private agreed(next: Cell, field: 'authentication' | 'terminatingTls' | 'originatingTls', what: string): string | undefined {
    const [a, b] = [this.terms[field], next[field]];
    if (a !== undefined && b !== undefined && a !== b) {
      throw this.conflict(next, `cannot merge conflicting ${what} (${b}/${a})`);
    }
    return a ?? b;
  }

  /** Nothing gives way to any parser, TLS to those that look into it; of listeners the one with the lower priority wins. */
  private mergedRedirect(next: Cell): Pick<Cell, 'parser' | 'priority' | 'listener'> {
    const old = this.terms;
    const parser = this.mergedParser(next);
    const hasTwo = old.listener !== '' && next.listener !== '' && old.listener !== next.listener;
    if (hasTwo && old.priority === next.priority) {
      const message = `cannot merge conflicting listeners (${next.listener}/${old.listener}) with the same priority (${old.priority})`;
      throw this.conflict(next, message);
    }
    const isNext = parser !== old.parser || (parser === next.parser && next.priority < old.priority);
    const { priority, listener } = isNext ? next : old;
    return { parser, priority, listener };
  }

  private mergedParser(next: Cell): Parser {
    const [a, b] = [this.terms.parser, next.parser];
    if (a === b || canBecome(a, b)) {
      return b;
    }
    if (canBecome(b, a)) {
      return a;
    }
    throw this.conflict(next, `cannot merge conflicting L7 parsers (${a}/${b})`);
  }

  private conflict(next: Cell, message: string): Conflict {
    return new Conflict(message, [...new Set([...this.because, ...next.because])]);
  }
}

function hasRules({ http, dns, otherRules }: Pick<Cell, 'http' | 'dns' | 'otherRules'>): boolean {
  return http.length + dns.length + otherRules > 0;
}

function canBecome(from: Parser, to: Parser): boolean {
  return from === '' || (from === 'tls' && !['', 'dns', 'crd'].includes(to));
}
