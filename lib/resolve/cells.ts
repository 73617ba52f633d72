/**
 * The resolved policy of one direction of an endpoint: a filter for each port and protocol, and in it a cell for each peer selector, into which
 * Cilium merges what all rules say about that selector.
 *
 * Source: cilium `pkg/policy/rule.go`, mergePortProto, and `pkg/policy/l4.go`, createL4Filter.
 */
import { isSince, Minor } from '../crd/minor';
import type { OwnedRule, Redirect } from '../model/flow';
import type { Effect, HttpCondition, Layer7, Listener, Protocol, Selector, Tier, Traffic, TrafficPort } from '../model/policy';

export interface Filter {
  /** `default` for what Cilium adds after all tiers. */
  readonly tier: Tier | 'default';
  /** `any` for a rule that names no traffic. */
  readonly protocol: Protocol | 'any';
  readonly port: TrafficPort;
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly selector: Selector;
  readonly effect: Effect;
  /** Its place in the tier: the lowest counts. */
  readonly order: number;
  readonly parser: Parser;
  /** The priority of the redirect; the lowest wins. 0 without a redirect. */
  readonly priority: number;
  readonly http: readonly HttpCondition[];
  readonly dns: readonly string[];
  /** The rules for parsers that are not judged here, as JSON. */
  readonly otherRules: readonly string[];
  readonly serverNames: readonly string[];
  readonly terminatingTls?: string;
  readonly originatingTls?: string;
  readonly listener: string;
  readonly authentication?: string;
  /** The rules that were merged; none for the exemption of the host. */
  readonly because: readonly OwnedRule[];
}

/** What handles a connection: empty for nothing, a built-in parser, or up to 1.19 the name of a custom one. */
export type Parser = string;

/** Why the policy of an endpoint does not resolve: the agent keeps the policy that the endpoint had before. */
export interface Conflict {
  readonly is: 'conflict';
  readonly message: string;
  /** The rules that cannot be merged. */
  readonly between: readonly OwnedRule[];
}

/** What the cells of an endpoint depend on beside its rules. */
export interface CellSubject {
  /** The namespace of the endpoint, empty for a node. */
  readonly namespace: string;
  /** Whether the rule leaves the direction without a default deny. */
  readonly isOpen: boolean;
}

/** The cell of a rule for one selector and one piece of traffic. */
export function cellOf(owned: OwnedRule, selector: Selector, traffic: Traffic | undefined, subject: CellSubject): Cell {
  const { effect, authentication } = owned.rule;
  const l7 = effect === 'allow' ? traffic?.l7 : undefined;
  const parser = l7 === undefined ? '' : parserOf(l7);
  return {
    selector,
    effect,
    order: owned.rule.level?.order ?? 0,
    parser,
    priority: priorityOf(parser, l7?.listener),
    http: l7?.http ?? [],
    // Without a default deny, all names pass. For HTTP the implied allow of every peer says so, but the DNS proxy does not see it.
    dns: l7?.dns === undefined ? [] : [...l7.dns.map(({ text }) => text), ...(subject.isOpen ? [ANY_NAME] : [])],
    otherRules: l7?.kafka ?? l7?.custom?.rules ?? NO_RULES,
    serverNames: [...new Set(l7?.serverNames.map(({ text }) => text))].sort(),
    terminatingTls: l7?.terminatingTls,
    originatingTls: l7?.originatingTls,
    listener: l7?.listener === undefined ? '' : listenerName(l7.listener, subject.namespace),
    authentication: effect === 'allow' ? authentication : undefined,
    because: [owned],
  };
}

function priorityOf(parser: Parser, listener: Listener | undefined): number {
  return listener === undefined || listener.priority === 0 ? (PRIORITIES[parser] ?? PROXYLIB) : listener.priority;
}

const ANY_REQUEST: HttpCondition = { path: '', method: '', host: '', headers: [], headerMatches: [] };
const ANY_NAME = '*';
const NO_RULES: readonly string[] = [];
const WILDCARD = { http: [ANY_REQUEST], dns: [ANY_NAME] };
const NOTHING: typeof WILDCARD = { http: [], dns: [] };

/** The priorities of parsers; a policy can give its listener 1 to 100. Source: cilium `pkg/policy/l4.go`. */
const PRIORITIES: Readonly<Record<string, number>> = { '': 0, http: 101, kafka: 106, tls: 116, dns: 121, crd: 126 };
const PROXYLIB = 111;

/** The proxy of a priority; a policy can give its listener 1 to 100. */
export function redirectAt(priority: number): Redirect {
  return REDIRECTS[priority] ?? 'crd';
}

const REDIRECTS: Readonly<Record<number, Redirect>> = { 101: 'http', 106: 'kafka', 111: 'proxylib', 116: 'tls', 121: 'dns' };

/** A rule without L7 rules inspects TLS only. */
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

/**
 * The name of a listener in Envoy: a resource without a kind is looked up in the namespace of the endpoint, and for a node in none.
 * A name that already starts with the namespace stays. Source: `ResourceQualifiedName` in cilium `pkg/policy/api/utils.go`.
 */
function listenerName({ kind, envoyConfig, name }: Listener, endpointNamespace: string): string {
  const namespace = kind === 'CiliumClusterwideEnvoyConfig' ? '' : endpointNamespace;
  return name === '' || name.startsWith(`${namespace}/`) ? name : `${namespace}/${envoyConfig}/${name}`;
}

/** Source: cilium 1.20 `pkg/policy/l4.go`, HasPrecedenceOver. */
const STRENGTHS: Readonly<Record<Effect, number>> = { deny: 2, allow: 1, pass: 0 };

/** The fields of a cell that are not lists. */
type Terms = Omit<Cell, 'http' | 'dns' | 'serverNames' | 'because'>;

/** A cell while rules are merged into it. Its lists grow in place, because there may be a hundred thousand rules for one port. */
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

  /** The merged cell. */
  public closed(): Cell {
    const { http, dns, serverNames, because } = this;
    return { ...this.terms, http, dns, serverNames: [...serverNames].sort(), because: [...because] };
  }

  /** Merged with one more rule for the same peers. */
  public with(next: Cell, minor: Minor): OpenCell | Conflict {
    if (this.terms.effect !== next.effect || this.terms.order !== next.order) {
      return this.overruling(next, minor);
    }
    const message = this.conflictWith(next);
    if (message !== undefined) {
      return { is: 'conflict', message, between: [...new Set([...this.because, ...next.because])] };
    }
    this.merge(next);
    this.name(next.because);
    return this;
  }

  /** The cell of the lower order replaces the other; of one order, one that denies, and then one that allows. */
  private overruling(next: Cell, minor: Minor): OpenCell {
    const { order, effect } = this.terms;
    const isFirst = order === next.order ? STRENGTHS[effect] > STRENGTHS[next.effect] : order < next.order;
    const [winner, loser] = isFirst ? [this, OpenCell.of(next)] : [OpenCell.of(next), this];
    // In 1.18 Cilium names the rules of both.
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

  /** Why the two cannot be merged; `undefined` if they can. */
  private conflictWith(next: Cell): string | undefined {
    const { parser, listener, priority, terminatingTls } = this.terms;
    if (mergedParser(parser, next.parser) === undefined) {
      return `cannot merge conflicting L7 parsers (${parser}/${next.parser})`;
    }
    if (listener !== '' && next.listener !== '' && listener !== next.listener && priority === next.priority) {
      return `cannot merge conflicting listeners (${next.listener}/${listener}) with the same priority (${priority})`;
    }
    const hasServerNames = this.serverNames.size + next.serverNames.length > 0;
    return (
      this.disagreement(next, 'authentication', 'authentication types') ??
      this.disagreement(next, 'terminatingTls', 'terminating TLS contexts') ??
      this.disagreement(next, 'originatingTls', 'originating TLS contexts') ??
      (hasServerNames && this.hasRules && (terminatingTls ?? next.terminatingTls) === undefined
        ? 'server names cannot be merged with L7 rules of the same peers and port unless TLS is terminated'
        : undefined)
    );
  }

  private disagreement(next: Cell, field: 'authentication' | 'terminatingTls' | 'originatingTls', what: string): string | undefined {
    const [a, b] = [this.terms[field], next[field]];
    return a !== undefined && b !== undefined && a !== b ? `cannot merge conflicting ${what} (${b}/${a})` : undefined;
  }

  private merge(next: Cell): void {
    // Rules add up; merged with a rule that has no L7 part, every request passes.
    const opened = this.hasRules === hasRules(next) ? NOTHING : WILDCARD;
    this.terms = {
      ...this.terms,
      ...this.mergedRedirect(next),
      authentication: this.terms.authentication ?? next.authentication,
      terminatingTls: this.terms.terminatingTls ?? next.terminatingTls,
      originatingTls: this.terms.originatingTls ?? next.originatingTls,
      otherRules: [...this.terms.otherRules, ...next.otherRules],
    };
    next.serverNames.forEach((name) => this.serverNames.add(name));
    [...next.http, ...opened.http].forEach((one) => this.http.push(one));
    [...next.dns, ...opened.dns].forEach((one) => this.dns.push(one));
  }

  private get hasRules(): boolean {
    return hasRules({ http: this.http, dns: this.dns, otherRules: this.terms.otherRules });
  }

  /** The listener with the lower priority wins. */
  private mergedRedirect(next: Cell): Pick<Cell, 'parser' | 'priority' | 'listener'> {
    const old = this.terms;
    const parser = mergedParser(old.parser, next.parser)!;
    const isNext = parser !== old.parser || (parser === next.parser && next.priority < old.priority);
    const { priority, listener } = isNext ? next : old;
    return { parser, priority, listener };
  }
}

/** The parser of two merged rules; `undefined` if they conflict. Any parser replaces none, and `tls` yields to the parsers that look into TLS. */
function mergedParser(a: Parser, b: Parser): Parser | undefined {
  if (a === b || canBecome(a, b)) {
    return b;
  }
  return canBecome(b, a) ? a : undefined;
}

function hasRules({ http, dns, otherRules }: Pick<Cell, 'http' | 'dns' | 'otherRules'>): boolean {
  return http.length + dns.length + otherRules.length > 0;
}

function canBecome(from: Parser, to: Parser): boolean {
  return from === '' || (from === 'tls' && !['', 'dns', 'crd'].includes(to));
}
