/** What passes between every two ends of a universe, by one engine. */
import type { OwnedRule, Side, Verdict, WrittenEnd } from '../model/flow';
import type { Direction } from '../model/policy';
import { PROTOCOLS, Protocol } from '../model/policy';
import { groupedBy } from '../net/grouped';
import type { Agent } from '../resolve/agent';
import { End, nodeOf } from '../resolve/ends';
import type { Entry } from '../resolve/entries';
import { isRefused } from '../verdict/envoy-refusal';
import { AskedPeers } from './asked-peers';
import { BitSet } from './bit-set';
import { asksForAuthentication } from './compiler';
import type { FastEngine } from './engine';
import type { ResolvedEnd } from './resolved-end';
import type { Decisions, Table } from './table';
import { EVERYTHING, isUsed, joinedTraffic, lastOf, Passage, Proxy, SideTraffic, sideOfSpans, Traffic, trafficOf } from './traffic';
import type { UniverseEnd } from './universe/universe';
import { pairedPassages, vagueTraffic } from './vague';

/** An end as one engine has it. */
interface MatrixEnd {
  readonly end: UniverseEnd;
  readonly resolved: ResolvedEnd;
  /** Whether it is a node, or one of the entities that are nodes. */
  readonly isNode: boolean;
  /** Whether ports of it may stand for something else. */
  readonly leadsElsewhere: boolean;
  /** Whether tables say all of it: a pod, or an address that has no name. */
  readonly isPlain: boolean;
}

/** What sides of flows let pass, each kind with a number. Matrices with the same ones have the same numbers. */
export class Sides {
  private readonly known = new Map<string, number>();
  /** By the number of decisions. */
  private readonly numbered: (number | undefined)[] = [];
  private readonly all: SideTraffic[] = [];

  public constructor() {
    this.number(EVERYTHING);
  }

  public at(number: number): SideTraffic {
    return this.all[number];
  }

  public numberOf(decisions: Decisions | 'none', side: Proxy['side'], agent: Agent): number {
    return decisions === 'none' ? NO_POLICY : (this.numbered[decisions.id] ??= this.number(sideOfSpans(decisions.spans, side, agent)));
  }

  private number(side: SideTraffic): number {
    const number = this.known.get(side.key) ?? this.all.push(side) - 1;
    this.known.set(side.key, number);
    return number;
  }
}

export type Decider = Table | 'ask' | 'none';

/** The numbers that are kept in rows, of four bytes each: beyond them, tables are asked for each pair. */
export const MOST_CELLS = 40_000_000;

/** The number of what passes where no policy is evaluated. */
const NO_POLICY = 0;

export class Matrix {
  private readonly ends: readonly (MatrixEnd | undefined)[];
  /** Where a name that no rule of the source knows leads to. */
  private readonly world: number | undefined;
  private readonly joined: (Traffic | undefined)[][] = [];
  private readonly interned = new Map<string, Traffic>();
  private readonly naming = new Map<MatrixEnd, boolean>();
  /** The numbers of plain ends. */
  private peers: readonly (number | undefined)[] | undefined;
  private readonly rows = new Map<Decider, Uint32Array>();
  /** The rows of each end; `null` for one that has none. */
  private readonly ownRows: Readonly<Record<Direction, (Uint32Array | null)[]>> = { ingress: [], egress: [] };
  private readonly unjudged: Uint32Array;

  public constructor(
    public readonly engine: FastEngine,
    ends: readonly UniverseEnd[],
    private readonly sides = new Sides(),
  ) {
    this.ends = ends.map((end): MatrixEnd | undefined => {
      const resolved = engine.endpoint(end.written);
      if (resolved === undefined) {
        return undefined;
      }
      const leadsElsewhere = engine.mayLeadElsewhere({ to: end.written }, resolved.end);
      const isPlain = !leadsElsewhere && !resolved.isNamed && !resolved.isOdd && ['pod', 'address'].includes(resolved.end.is);
      return { end, resolved, isNode: isNode(resolved.end), leadsElsewhere, isPlain };
    });
    const world = ends.findIndex(({ members }) => members[0] === '0.0.0.0/0');
    this.world = world < 0 ? undefined : world;
    this.unjudged = new Uint32Array(ends.length).fill(NO_POLICY);
  }

  /** What passes; equal traffic is the same object. */
  public traffic(from: number, to: number): Traffic {
    const [source, destination] = [this.ends[from], this.ends[to]];
    if (source?.isPlain === true && destination?.isPlain === true) {
      const [egress, ingress] = [this.keptRow('egress', from), this.keptRow('ingress', to)];
      if (egress !== undefined && ingress !== undefined) {
        return this.joinedAt(egress[to], ingress[from]);
      }
    }
    // Nobody connects from a name, unless it stands for a known address.
    if (source === undefined || destination === undefined || source.resolved.end.is === 'name') {
      return NOTHING;
    }
    if (destination.resolved.end.is === 'name' && this.world !== undefined && !this.knowsNames(source)) {
      return this.traffic(from, this.world);
    }
    if (isAt(source, destination)) {
      return this.between(elsewhere(source, this.engine), destination, false);
    }
    if (isAt(destination, source)) {
      return this.between(source, elsewhere(destination, this.engine), false);
    }
    return this.between(source, destination, from === to);
  }

  /** Whether tables say all of an end. */
  public isPlain(index: number): boolean {
    return this.ends[index]?.isPlain === true;
  }

  /** What decides one side of a plain end: a table, `ask` if only the specification knows it, and `none` if no policy is evaluated. */
  public decider(direction: Direction, index: number): Decider {
    this.numbers();
    const self = this.ends[index];
    return self?.isPlain === true ? this.engine.table(direction, self.resolved) : 'none';
  }

  /** The ends of some whose tables let nothing pass to or from any of others; of these, those count of which tables say all. */
  public closedFor(direction: Direction, ends: readonly number[], others: readonly number[]): readonly number[] {
    if (this.engine.resolver.agent.isAuditing) {
      return [];
    }
    const numbers = this.numbers();
    const asked = new AskedPeers(setOf(others.flatMap((other) => numbers[other] ?? [])));
    const known = new Map<Decider, boolean>();
    return ends.filter((end) => {
      const decider = this.decider(direction, end);
      const isClosed = known.get(decider) ?? (decider !== 'ask' && decider !== 'none' && this.engine.isClosedFor(decider, asked));
      known.set(decider, isClosed);
      return isClosed;
    });
  }

  /** What a table lets pass to or from all plain ends, as numbers of sides. */
  public rowOf(decider: Exclude<Decider, 'ask'>, direction: Direction): Uint32Array {
    if (decider === 'none') {
      return this.unjudged;
    }
    const peers = this.numbers();
    const { kinds, decisions } = this.engine.rowOf(decider);
    const { agent } = this.engine.resolver;
    const numbers = decisions.map((one) => (one === undefined ? 0 : this.sides.numberOf(one, direction, agent)));
    return Uint32Array.from(peers, (peer) => (peer === undefined ? 0 : numbers[kinds[peer]]));
  }

  /** All ends have numbers before there is any table: a table that is there must learn of each new number. */
  private numbers(): readonly (number | undefined)[] {
    return (this.peers ??= this.ends.map((end) => (end?.isPlain === true ? this.engine.commonNumber(end.resolved) : undefined)));
  }

  /** The row of a side; `undefined` if there is none, or no room to keep it. */
  private keptRow(direction: Direction, index: number): Uint32Array | undefined {
    const known = this.ownRows[direction][index] as Uint32Array | null | undefined;
    if (known !== undefined) {
      return known ?? undefined;
    }
    const decider = this.decider(direction, index);
    const row = decider === 'ask' ? undefined : (this.rows.get(decider) ?? this.madeRow(decider, direction));
    this.ownRows[direction][index] = row ?? null;
    return row;
  }

  private madeRow(decider: Exclude<Decider, 'ask'>, direction: Direction): Uint32Array | undefined {
    if ((this.rows.size + 1) * this.ends.length > MOST_CELLS) {
      return undefined;
    }
    const row = this.rowOf(decider, direction);
    this.rows.set(decider, row);
    return row;
  }

  private joinedAt(egress: number, ingress: number): Traffic {
    const row = (this.joined[egress] ??= []);
    return (row[ingress] ??= this.intern(joinedTraffic(this.sides.at(egress), this.sides.at(ingress), this.engine.resolver.agent)));
  }

  private between(source: MatrixEnd, destination: MatrixEnd, isSame: boolean): Traffic {
    if (destination.resolved.end.is === 'name' && this.world !== undefined) {
      return this.named(source, destination, this.ends[this.world]!);
    }
    if (destination.resolved.isNamed || source.resolved.isNamed) {
      return this.intern(this.asked(source, destination, isSame));
    }
    const isAsked = (source.isNode && destination.isNode) || destination.leadsElsewhere;
    return (isAsked ? undefined : this.byTables(source, destination)) ?? this.intern(this.asked(source, destination, isSame));
  }

  /** What the tables say; `undefined` if only the specification knows it. Names count as learnt. */
  private byTables(source: MatrixEnd, destination: MatrixEnd): Traffic | undefined {
    const egress = this.engine.decisions('egress', source.resolved, destination.resolved);
    const ingress = egress === 'ask' ? 'ask' : this.engine.decisions('ingress', destination.resolved, source.resolved);
    if (egress === 'ask' || ingress === 'ask') {
      return undefined;
    }
    const { agent } = this.engine.resolver;
    return this.joinedAt(this.sides.numberOf(egress, 'egress', agent), this.sides.numberOf(ingress, 'ingress', agent));
  }

  /**
   * What passes to a name that has no known address. Whether the source can look the name up is the same for all ports, so it is asked once: without it,
   * the name is an address like others.
   */
  private named(source: MatrixEnd, destination: MatrixEnd, world: MatrixEnd): Traffic {
    const [learnt, unlearnt] = [this.byTables(source, destination), this.byTables(source, world)];
    if (learnt === undefined || unlearnt === undefined) {
      return this.intern(this.asked(source, destination, false));
    }
    const granted = pairedPassages(learnt, unlearnt).find(({ a, b }) => a?.is !== b?.is);
    if (granted === undefined) {
      return learnt;
    }
    const [from, to] = [source.end.written, destination.end.written];
    const isAllowed = this.engine.specification.isAllowed({ from, to, protocol: granted.protocol, port: granted.last });
    return isAllowed === undefined ? this.intern(vagueTraffic(unlearnt, learnt)) : isAllowed ? learnt : unlearnt;
  }

  private intern(traffic: Traffic): Traffic {
    const known = this.interned.get(traffic.key) ?? traffic;
    this.interned.set(traffic.key, known);
    return known;
  }

  /** Whether a rule that selects the source names names. */
  private knowsNames(source: MatrixEnd): boolean {
    const isNaming = ({ rule, selectors }: Entry) => rule.direction === 'egress' && selectors.some(({ is }) => is === 'name');
    const known = this.naming.get(source) ?? this.engine.entriesFor(source.resolved).some(isNaming);
    this.naming.set(source, known);
    return known;
  }

  private policiesOf(direction: Direction, self: End, other: End): readonly Entry[] {
    const { resolver } = this.engine;
    const local = resolver.endpoint(self, resolver.view(nodeOf(self) ?? nodeOf(other) ?? ''));
    const policy = local && resolver.policy(local, direction);
    return policy === undefined || policy.is === 'conflict' ? [] : policy.selecting;
  }

  /** What passes, asked port by port where something may change. */
  private asked(source: MatrixEnd, destination: MatrixEnd, isSame: boolean): Traffic {
    const { specification, resolver } = this.engine;
    const [from, to] = [source.end.written, isSame ? another(destination) : destination.end.written];
    const cuts = this.cuts(source, destination);
    const around = this.around(source.resolved.end, destination.resolved.end);
    const passages = PROTOCOLS.filter((protocol) => isUsed(protocol, resolver.agent)).flatMap((protocol) =>
      rangesOf(protocol, cuts.get(protocol) ?? []).flatMap(([first, last]): Passage[] => {
        const verdict = specification.verdict({ from, to, protocol, port: last });
        return verdict.ok && verdict.value.allowed !== false ? [passageOf(verdict.value, protocol, [first, last], around)] : [];
      }),
    );
    return trafficOf(passages);
  }

  /** What else the answer to a request depends on: the defaults of both sides, what Envoy refuses, and how the agent reads paths and names. */
  private around(from: End, to: End): string {
    const { resolver } = this.engine;
    const { minor, normalizesPaths } = resolver.agent;
    const sides = (['egress', 'ingress'] as const).map((direction) => {
      const [self, other] = direction === 'egress' ? [from, to] : [to, from];
      const rules = this.policiesOf(direction, self, other).map(({ rule }) => rule);
      return [rules.some(({ defaultDeny }) => defaultDeny), rules.some((rule) => isRefused(rule, minor))];
    });
    return JSON.stringify([minor, normalizesPaths, sides]);
  }

  /** The first ports of ranges in which nothing changes. */
  private cuts(source: MatrixEnd, destination: MatrixEnd): ReadonlyMap<string, readonly number[]> {
    const { namedPorts, cluster } = this.engine.resolver;
    const [from, to] = [source.resolved.end, destination.resolved.end];
    const rules = [...this.policiesOf('egress', from, to), ...this.policiesOf('ingress', to, from)];
    const cuts: [string, number][] = rules
      .flatMap(({ rule }) => rule.traffic ?? [])
      .flatMap(({ protocol, port }): [string, number][] => {
        const numbers = port.is === 'number' ? [port.number] : [...namedPorts.all(port.name, protocol)];
        return numbers.flatMap((number): [string, number][] => [
          [protocol, number],
          [protocol, Math.max(number, port.end) + 1],
        ]);
      });
    const elsewhere = destination.leadsElsewhere ? portsElsewhere(cluster.inventory) : [];
    const single = elsewhere.flatMap(({ protocol, number }): [string, number][] => [
      [protocol, number],
      [protocol, number + 1],
    ]);
    return new Map(
      [...groupedBy([...cuts, ...single], ([protocol]) => protocol)].map(([protocol, all]) => [protocol, all.map(([, number]) => number)]),
    );
  }
}

const NOTHING: Traffic = { key: '', passages: [] };

function setOf(numbers: readonly number[]): BitSet {
  const set = new BitSet();
  numbers.forEach((number) => set.add(number));
  return set;
}

function isNode(end: End): boolean {
  return end.is === 'node' || (end.is === 'entity' && ['host', 'remote-node', 'kube-apiserver'].includes(end.name));
}

/** Whether a pod is on the node that stands for others: these are other nodes to it, and its own one is the entity `host`. */
function isAt({ resolved: { end: pod } }: MatrixEnd, { end, resolved: { end: node } }: MatrixEnd): boolean {
  return end.is === 'nodes' && pod.is === 'pod' && node.is === 'node' && pod.pod.node === node.name;
}

/** The same pod on no listed node. */
function elsewhere(pod: MatrixEnd, engine: FastEngine): MatrixEnd {
  const written = anotherLike(pod);
  return { ...pod, end: { ...pod.end, written }, resolved: engine.endpoint(written)! };
}

/** Another one of the same kind, if there may be one. */
function another(one: MatrixEnd): WrittenEnd {
  const { is, members } = one.end;
  return is === 'nodes' && members.length > 1 ? { is: 'node', name: members[1] } : anotherLike(one);
}

/** Another pod with the same labels: nothing is asked of what a pod says to itself. */
function anotherLike({ end: { written }, resolved: { end } }: MatrixEnd): WrittenEnd {
  if (written.is !== 'pod' || end.is !== 'pod') {
    return written;
  }
  const { labels, namespace, serviceAccount, ports } = end.pod;
  return { is: 'labels', labels, namespace, serviceAccount, ports };
}

/** The ports of nodes that lead to Services and pods, and those that local redirects take over. */
function portsElsewhere({
  services,
  pods,
  redirects,
}: FastEngine['resolver']['cluster']['inventory']): readonly { readonly protocol: string; readonly number: number }[] {
  const ofServices = [...services.values()].flatMap(({ ports }) =>
    ports.flatMap(({ protocol, number, nodePort }) => [
      { protocol, number },
      ...(nodePort === undefined ? [] : [{ protocol, number: nodePort }]),
    ]),
  );
  return [...ofServices, ...[...pods.values()].flatMap(({ hostPorts = [] }) => hostPorts), ...redirects.flatMap(({ ports }) => ports)];
}

function rangesOf(protocol: Protocol, cuts: readonly number[]): readonly (readonly [number, number])[] {
  const last = lastOf(protocol);
  const starts = [...new Set([0, ...cuts])].filter((one) => one <= last).sort((a, b) => a - b);
  // Port 0 is no port of a flow.
  const usable = last === 65_535 ? starts.filter((one) => one !== 1) : starts;
  return usable.map((first, i) => [first, i + 1 < usable.length ? usable[i + 1] - 1 : last]);
}

function passageOf(
  { allowed, egress, ingress }: Verdict,
  protocol: Protocol,
  [first, last]: readonly [number, number],
  around: string,
): Passage {
  const proxies = allowed === true ? [...proxiesOf(egress, 'egress', around), ...proxiesOf(ingress, 'ingress', around)] : [];
  const isAuthenticated = allowed === true && [egress, ingress].some(isAuthenticatedSide);
  return { protocol, first, last, is: allowed === true ? 'allowed' : 'unknown', proxies, ...(isAuthenticated && { isAuthenticated }) };
}

function isAuthenticatedSide(side: Side): boolean {
  return side.decision === 'allowed' && side.because.some(({ rule }) => asksForAuthentication(rule));
}

/** What a proxy asks is known by the rules that redirect to it, and by what is said around them. */
function proxiesOf(side: Side, direction: Direction, around: string): readonly Proxy[] {
  if (side.decision !== 'allowed' || side.redirect === undefined) {
    return [];
  }
  const l7 = side.because.flatMap(({ rule }) => rule.traffic ?? []).flatMap((one) => one.l7 ?? []);
  const lists = {
    http: l7.flatMap(({ http = [] }) => http),
    dns: l7.flatMap(({ dns = [] }) => dns.map(({ text }) => text)),
    serverNames: l7.flatMap(({ serverNames }) => serverNames.map(({ text }) => text)),
  };
  const key = JSON.stringify([direction, side.redirect, around, [...new Set(side.because.map(keyOfRule))].sort()]);
  return [{ side: direction, is: side.redirect, ...lists, hasMore: true, key }];
}

function keyOfRule({ rule: { traffic } }: OwnedRule): string {
  return JSON.stringify(traffic ?? [], (name, value: unknown) => (name === 'at' ? undefined : value));
}
