/** What passes, as JSON: `docs/formats/reach.schema.json`. */
import { safeJson } from '../../net/printable';
import type { Passage, Proxy } from '../../reach/traffic';
import type { WarningView } from '../verdicts/warnings';
import { rangeText } from './traffic';
import type { ConnectionView, ReachView } from './view';

export function reachJson(view: ReachView, warnings: readonly WarningView[]): string {
  return `${safeJson(reachData(view, warnings), 2)}\n`;
}

/** The same as an object. */
export function reachData(
  { cilium, ends, connections, missing, partial, exposure }: ReachView,
  warnings: readonly WarningView[],
): ReachData {
  return {
    cilium,
    missing: missing ?? null,
    partial,
    ends: ends.map(({ is, name, example, namespace, members }, id) => ({ id, is, name, example, namespace: namespace ?? null, members })),
    connections: connections.map(connectionData),
    exposure: {
      fromWorld: exposure.fromWorld.map(connectionData),
      toWorld: exposure.toWorld.map(connectionData),
      fromUnknownPods: exposure.fromUnknownPods.map(connectionData),
      unprotected: exposure.unprotected,
    },
    warnings,
  };
}

export interface ReachData {
  readonly cilium: string;
  /** What could not be read and may turn everything. */
  readonly missing: string | null;
  /** Where only some of the pods that could exist are among the ends. */
  readonly partial: readonly string[];
  readonly ends: readonly EndData[];
  /** What is not listed does not pass. */
  readonly connections: readonly ConnectionData[];
  readonly exposure: {
    readonly fromWorld: readonly ConnectionData[];
    readonly toWorld: readonly ConnectionData[];
    /** From pods of namespaces that nobody names. */
    readonly fromUnknownPods: readonly ConnectionData[];
    /** The listed pods that no policy selects, by direction. */
    readonly unprotected: { readonly ingress: readonly number[]; readonly egress: readonly number[] };
  };
  readonly warnings: readonly WarningView[];
}

/** What passes from each of some ends to each of others. */
export interface ConnectionData {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly traffic: readonly PassageData[];
}

function connectionData({ from, to, traffic }: ConnectionView): ConnectionData {
  return { from, to, traffic: traffic.passages.map(passageData) };
}

export interface EndData {
  readonly id: number;
  readonly is: string;
  readonly name: string;
  readonly example: string;
  readonly namespace: string | null;
  readonly members: readonly string[];
}

export interface PassageData {
  readonly protocol: string;
  readonly first: number;
  readonly last: number;
  readonly text: string;
  readonly decision: 'allowed' | 'unknown';
  readonly proxies: readonly ProxyData[];
  /** Whether both ends must authenticate. */
  readonly authenticated: boolean;
}

export interface ProxyData {
  readonly side: string;
  readonly is: string;
  /** Conditions on requests, of which one must hold; empty for every request. */
  readonly http: readonly object[];
  readonly dns: readonly string[];
  readonly serverNames: readonly string[];
  /** Whether the proxy asks more than this says. */
  readonly more: boolean;
}

export function passageData({ protocol, first, last, is, proxies, isAuthenticated = false }: Passage): PassageData {
  return {
    ...{ protocol, first, last, text: rangeText({ protocol, first, last }), decision: is, proxies: proxies.map(proxyData) },
    authenticated: isAuthenticated,
  };
}

function proxyData({ side, is, http, dns, serverNames, hasMore }: Proxy): ProxyData {
  const conditions = http.map(({ path, method, host, headers, headerMatches }) => ({ path, method, host, headers, headerMatches }));
  return { side, is, http: conditions, dns, serverNames, more: hasMore };
}
