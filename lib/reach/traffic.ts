/** What passes between two ends: the decisions of both sides on every protocol and port, joined. */
import type { Redirect } from '../model/flow';
import { HttpCondition, PROTOCOLS, Protocol } from '../model/policy';
import type { Agent } from '../resolve/agent';
import { isSwitchedOff } from '../verdict/datapath';
import { decisionOf } from './code';
import type { Span } from './table';

/** What passes on a range of ports of a protocol. */
export interface Passage {
  readonly protocol: Protocol;
  /** Ports from 0; types, for ICMP; 0 for protocols with neither. */
  readonly first: number;
  readonly last: number;
  readonly is: 'allowed' | 'unknown';
  /** What proxies ask of the requests: those of the source and those of the destination. A request must pass all of them. */
  readonly proxies: readonly Proxy[];
  /** Whether a rule that lets it pass asks both ends to authenticate. @default false */
  readonly isAuthenticated?: boolean;
}

/** What one proxy lets through. */
export interface Proxy {
  readonly side: 'egress' | 'ingress';
  readonly is: Redirect;
  /** What it lets through, one of them; everything if there is nothing. */
  readonly http: readonly HttpCondition[];
  readonly dns: readonly string[];
  readonly serverNames: readonly string[];
  /** Whether it asks for more than these lists say. */
  readonly hasMore: boolean;
  /** All that it asks, as a text to compare. */
  readonly key: string;
}

/** What passes between two ends; equal traffic is one object. What is not listed is denied. */
export interface Traffic {
  readonly key: string;
  readonly passages: readonly Passage[];
}

/** One side's decision on a range. */
export interface SidePassage {
  readonly protocol: number;
  readonly first: number;
  readonly last: number;
  readonly is: 'allowed' | 'denied' | 'unknown';
  readonly proxy?: Proxy;
}

/** The decisions of a side, in order and without equal neighbours; equal ones are one object. */
export interface SideTraffic {
  readonly key: string;
  readonly passages: readonly SidePassage[];
}

/** Everything, where no policy is evaluated. */
export const EVERYTHING: SideTraffic = sideTraffic(
  PROTOCOLS.map((one, protocol) => ({ protocol, first: 0, last: lastOf(one), is: 'allowed' })),
);

/** The highest port or type of a protocol. */
export function lastOf(protocol: Protocol): number {
  switch (protocol) {
    case 'TCP':
    case 'UDP':
    case 'SCTP':
      return 65_535;
    case 'ICMP':
    case 'ICMPv6':
      return 255;
    case 'VRRP':
    case 'IGMP':
    case 'GRE':
    case 'IPIP':
    case 'IPV6':
    case 'ESP':
    case 'AH':
      return 0;
  }
}

/** The decisions that a table has for a peer, as the agent carries them out. */
export function sideOfSpans(spans: readonly Span[], side: Proxy['side'], agent: Agent): SideTraffic {
  const { isAuditing, hasProxy } = agent;
  return sideTraffic(
    spans.flatMap((span): SidePassage[] => {
      const { protocol, first, last, code } = span;
      const most = lastOf(PROTOCOLS[protocol]);
      if (first > most) {
        return [];
      }
      const { isAllowed, redirect } = decisionOf(code);
      const proxy = redirect === undefined ? undefined : proxyOf(side, redirect, span, agent);
      const is = isAllowed ? (proxy !== undefined && !hasProxy ? 'unknown' : 'allowed') : isAuditing ? 'allowed' : 'denied';
      return [{ protocol, first, last: Math.min(last, most), is, ...(proxy && is === 'allowed' && { proxy }) }];
    }),
  );
}

function proxyOf(side: Proxy['side'], is: Redirect, { requests: cells, isOpen, isUnsure }: Span, agent: Agent): Proxy {
  // Where a rule without an L7 part stands beside others, every request passes.
  const isPlain = cells.some(({ parser, http }) => parser === '' || (is === 'http' && parser === 'http' && http.length === 0));
  const asksNothing = isPlain || (isOpen && is !== 'dns');
  const asking = asksNothing ? [] : cells;
  const http = withoutMoot(
    asking.flatMap((cell) => cell.http),
    isOpenCondition,
  );
  const dns = withoutMoot(
    asking.flatMap((cell) => cell.dns),
    (pattern) => pattern === '*',
  );
  const serverNames = asking.flatMap((cell) => cell.serverNames);
  const more = asking
    .map(({ terminatingTls, originatingTls, listener, otherRules, parser }) => [
      terminatingTls,
      originatingTls,
      listener,
      otherRules.join(),
      ['', 'http', 'dns', 'tls'].includes(parser) ? '' : parser,
    ])
    .filter((fields) => fields.some((field) => field !== undefined && field !== ''));
  const lists = [http.map(textOfCondition), dns.map((one) => one.toLowerCase()), serverNames, more.map((one) => JSON.stringify(one))];
  const key = JSON.stringify([
    side,
    is,
    isUnsure,
    readingOf(is, [...dns, ...serverNames], agent),
    ...lists.map((list) => [...new Set(list)].sort()),
  ]);
  return { side, is, http, dns: [...new Set(dns)], serverNames: [...new Set(serverNames)], hasMore: isUnsure || more.length > 0, key };
}

/** Beside one that everything fulfils, the others say nothing. */
function withoutMoot<T>(conditions: readonly T[], isOpen: (one: T) => boolean): readonly T[] {
  const open = conditions.find(isOpen);
  return open === undefined ? conditions : [open];
}

/** Whether every request fulfils a condition. */
export function isOpenCondition({ path, method, host, headers, headerMatches }: HttpCondition): boolean {
  return path + method + host === '' && headers.length + headerMatches.length === 0;
}

/** What the meaning of the lists depends on: paths are normalised, and minors read wildcards and final dots otherwise. */
function readingOf(is: Redirect, names: readonly string[], { normalizesPaths, minor }: Agent): unknown {
  return is === 'http' ? normalizesPaths : names.some((name) => /[*]|\.$/.test(name)) ? minor : undefined;
}

/** What a condition says, wherever it is written. */
export function textOfCondition({ path, method, host, headers, headerMatches }: HttpCondition): string {
  return JSON.stringify({ path, method, host, headers, headerMatches });
}

function sideTraffic(passages: readonly SidePassage[]): SideTraffic {
  const joined: SidePassage[] = [];
  for (const one of passages) {
    const last = joined.at(-1);
    const isSame = last !== undefined && last.protocol === one.protocol && last.is === one.is && last.proxy?.key === one.proxy?.key;
    if (isSame && last.last + 1 === one.first) {
      joined[joined.length - 1] = { ...last, last: one.last };
    } else {
      joined.push(one);
    }
  }
  const key = joined.map(({ protocol, first, last, is, proxy }) => `${protocol} ${first}-${last} ${is} ${proxy?.key ?? ''}`).join('\n');
  return { key, passages: joined };
}

/** Whether packets of a protocol pass anywhere: the agent does not drop it, and its IP family is on. */
export function isUsed(protocol: Protocol, agent: Agent): boolean {
  const hasFamily = protocol === 'ICMP' ? agent.hasIPv4 : protocol === 'ICMPv6' ? agent.hasIPv6 : true;
  return hasFamily && !isSwitchedOff(protocol, agent);
}

/** What passes both sides. */
export function joinedTraffic(egress: SideTraffic, ingress: SideTraffic, agent: Agent): Traffic {
  const found: Passage[] = [];
  let [i, k] = [0, 0];
  while (i < egress.passages.length && k < ingress.passages.length) {
    const [a, b] = [egress.passages[i], ingress.passages[k]];
    const first = Math.max(a.first, b.first);
    const last = Math.min(a.last, b.last);
    const protocol = PROTOCOLS[a.protocol];
    const isBoth = a.protocol === b.protocol && first <= last && a.is !== 'denied' && b.is !== 'denied';
    if (isBoth && isUsed(protocol, agent)) {
      const is = a.is === 'unknown' || b.is === 'unknown' ? 'unknown' : 'allowed';
      found.push({ protocol, first, last, is, proxies: is === 'unknown' ? [] : [a, b].flatMap(({ proxy }) => proxy ?? []) });
    }
    // The one that ends first meets no other one.
    if (a.protocol < b.protocol || (a.protocol === b.protocol && a.last < b.last)) {
      i++;
    } else {
      k++;
    }
  }
  return trafficOf(found);
}

/** Passages in order; those beside each other that are alike are joined. */
export function trafficOf(passages: readonly Passage[]): Traffic {
  const joined: Passage[] = [];
  for (const one of passages) {
    const last = joined.at(-1);
    if (last !== undefined && last.protocol === one.protocol && last.last + 1 === one.first && termsOf(last) === termsOf(one)) {
      joined[joined.length - 1] = { ...last, last: one.last };
    } else {
      joined.push(one);
    }
  }
  return { key: joined.map((one) => `${one.protocol} ${one.first}-${one.last} ${termsOf(one)}`).join('\n'), passages: joined };
}

/** What is said of a passage beside its ports, as a text to compare. */
export function termsOf({ is, proxies, isAuthenticated = false }: Passage): string {
  return `${is} ${proxies.map(({ key }) => key).join(' ')}${isAuthenticated ? ' authenticated' : ''}`;
}
