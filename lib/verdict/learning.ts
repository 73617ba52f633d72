/**
 * Whether an address that only a name admits can be reached: the DNS proxy must see a look-up of the name first.
 *
 * Source: cilium `pkg/fqdn/namemanager`, `pkg/fqdn/dnsproxy/proxy.go`. What is learned counts for all pods of a node.
 */
import type { Labels } from '../model/label';
import { plainName } from '../net/dns-pattern';
import type { Agent } from '../resolve/agent';
import type { Cell } from '../resolve/cells';
import type { Destination } from '../resolve/destinations';
import type { DnsServers } from '../resolve/dns-servers';
import { selects } from '../resolve/matching';
import { matchesName } from '../resolve/names';
import type { Resolved } from '../resolve/resolve';
import type { Answer, Question } from './side';
import { covers, decide } from './side';

/** What becomes of a query: the proxy lets it pass, nothing lets it pass, it passes beside the proxy, or none of these is known. */
export type Query = 'learnt' | 'denied' | 'beside' | 'unknown';

/** What was asked about an address with names. */
export interface Named {
  readonly question: Question;
  readonly resolved: Resolved;
  readonly answer: Answer;
  /** The name that the flow is written with, or all names of the address. */
  readonly names: readonly string[];
  /** Whether the flow is written with the name. */
  readonly isAsked: boolean;
  /** The labels that a name gives its addresses. */
  readonly labelsOf: (name: string) => Labels;
}

/** What is asked of the DNS servers. */
export interface Asking {
  readonly servers: DnsServers;
  readonly query: (to: Destination, name: string) => Query;
  readonly labelsOf: (to: Destination) => Labels;
}

/** A name, and what becomes of a query for it. */
export interface LookUp {
  readonly name: string;
  readonly query: Query;
}

export interface Learned extends Answer {
  readonly lookUps: readonly LookUp[];
}

/** The answer of the connection, if it holds without any name; otherwise what the look-ups make of it. */
export function asLearned(named: Named, asking: Asking, agent: Agent): Learned {
  const { question, resolved, answer, names, labelsOf } = named;
  const decideWith = (labels: Labels) => decide({ ...question, peer: { ...question.peer, labels } }, resolved, agent).side.decision;
  const plain = question.peer.labels.filter(({ source }) => source !== 'fqdn');
  const isByName = answer.side.decision === 'allowed' && plain.length < question.peer.labels.length && decideWith(plain) === 'denied';
  if (!isByName) {
    return { ...answer, lookUps: named.isAsked ? lookedUp(names, named, asking, agent) : [] };
  }
  const admitting = names.filter((name) => decideWith([...plain, ...labelsOf(name)]) === 'allowed');
  const lookUps = lookedUp(admitting, named, asking, agent);
  const queries = lookUps.map(({ query }) => query);
  if (queries.includes('learnt')) {
    return { ...answer, lookUps };
  }
  const { because } = answer.side;
  if (queries.length > 0 && queries.every((query) => query === 'denied')) {
    return { side: { decision: 'denied', reason: 'not-learnable', because }, steps: [], lookUps };
  }
  return { side: { decision: 'unknown', reason: 'names', missing: missingFor(queries, names, admitting), because }, steps: [], lookUps };
}

function missingFor(queries: readonly Query[], names: readonly string[], [name]: readonly string[]): string {
  if (queries.length === 0) {
    return `whether a look-up of another name than \`${names[0]}\` returned the address`;
  }
  return queries.includes('beside')
    ? `whether another pod of the node looks up \`${name}\`: the query passes beside the DNS proxy`
    : `whether a query for \`${name}\` passes the DNS proxy`;
}

function lookedUp(names: readonly string[], named: Named, asking: Asking, agent: Agent): readonly LookUp[] {
  return names.map((name) => ({ name, query: queryFor(name, named, asking, agent) }));
}

/** What becomes of a query for a name, whomever the pod asks. */
function queryFor(name: string, { question, resolved }: Named, { servers, query, labelsOf }: Asking, agent: Agent): Query {
  const answers = new Set(servers.all.map((to) => query(to, name)));
  const [answer] = answers;
  if (answers.size > 1 || answer !== 'denied') {
    return answers.size > 1 ? 'unknown' : answer;
  }
  // A rule for another server means that somebody asks it.
  const known = servers.all.map(labelsOf);
  const isForOthers = ({ selector }: Cell) => !known.every((labels) => selects(selector, labels, agent));
  if (dnsCells(resolved).some((cell) => isForOthers(cell) && looksUp(cell, name, agent))) {
    return servers.areListed ? 'unknown' : 'learnt';
  }
  const toPort = { ...question, protocol: 'UDP' as const, port: 53 };
  const direct = resolved.filters
    .filter(({ port }) => port.is === 'number' && port.number === 53)
    .filter((one) => covers(one, toPort, agent));
  const cells = direct.flatMap((filter) => filter.cells).filter(isForOthers);
  return cells.some(({ effect, parser }) => effect === 'allow' && parser === '') ? 'beside' : 'denied';
}

/** The cells whose queries the DNS proxy sees. */
function dnsCells({ filters }: Resolved): readonly Cell[] {
  const ofUdp = filters.filter(({ protocol }) => protocol === 'UDP');
  return ofUdp.flatMap(({ cells }) => cells).filter(({ effect, parser }) => effect === 'allow' && parser === 'dns');
}

function looksUp({ dns }: Cell, name: string, { minor }: Agent): boolean {
  return dns.length === 0 || dns.some((pattern) => matchesName(pattern, plainName(name), minor));
}
