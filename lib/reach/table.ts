/** The compiled policy of one direction of an endpoint: for each protocol and stretch of ports, which peers are allowed and denied. */
import type { Side } from '../model/flow';
import { PROTOCOLS, TIERS } from '../model/policy';
import { groupedBy } from '../net/grouped';
import { MAX_PORT } from '../net/port';
import { Cell, Filter, redirectAt } from '../resolve/cells';
import type { Resolved } from '../resolve/resolve';
import { filtersOfDnsProxy, parsersOf } from '../verdict/requests';
import type { AskedPeers } from './asked-peers';
import { BitSet } from './bit-set';
import { Code, codeOf, decisionOf, DEFAULT_DENY, DENY_RULE, hasRedirect, LOCALHOST, NOT_ENFORCED, RULE, sideOf } from './code';
import type { Identities } from './identities';
import { Kinds, kindsOf, stretchOf } from './kinds';
import { PackedTables, PlainTable, UNPACKED } from './packed';

/** A stretch of ports, up to the next one: its places in the order of tiers, the first one first. */
type Stretch = readonly Place[];

/** The cells of one order of a tier. */
interface Place {
  readonly tier: Filter['tier'];
  readonly deny: readonly BitSet[];
  readonly allow: readonly BitSet[];
  readonly pass: readonly BitSet[];
  /** By priority: the first one whose set has the peer decides. */
  readonly redirects: readonly { readonly code: Code; readonly peers: BitSet }[];
  readonly cells: NumberedFilter['cells'];
}

/** The stretches of all ports. */
class Stretches {
  /** The first port of each, in order. */
  public readonly starts: readonly number[];
  /** Computed on demand: with a hundred thousand overlapping ranges, each would hold most of them. */
  private readonly made: (Stretch | undefined)[];

  public constructor(
    private readonly filters: readonly NumberedFilter[],
    private readonly identities: Identities,
  ) {
    const edges = filters.flatMap(({ first, last }) => [first, ...(last < MAX_PORT ? [last + 1] : [])]);
    this.starts = [...new Set([0, ...edges])].sort((a, b) => a - b);
    this.made = this.starts.map(() => undefined);
  }

  public at(port: number): Stretch {
    const index = indexOf(this.starts, port);
    return (this.made[index] ??= this.make(this.starts[index]));
  }

  /** Every stretch, with its first and its last port. */
  public *[Symbol.iterator](): Generator<{ readonly first: number; readonly last: number; readonly stretch: Stretch }> {
    for (const [i, filters] of this.inOrder()) {
      const last = i + 1 < this.starts.length ? this.starts[i + 1] - 1 : MAX_PORT;
      yield { first: this.starts[i], last, stretch: (this.made[i] ??= placesOf(filters(), this.identities)) };
    }
  }

  /** Every stretch, without keeping those that are not made yet. */
  public all(): readonly Stretch[] {
    return [...this.inOrder()].map(([i, filters]) => this.made[i] ?? placesOf(filters(), this.identities));
  }

  private make(port: number): Stretch {
    return placesOf(
      this.filters.filter(({ first, last }) => first <= port && port <= last),
      this.identities,
    );
  }

  /** The stretches by number, with the filters of each: those that have begun and not ended, so that nobody looks at all of them for each. */
  private *inOrder(): Generator<readonly [number, () => readonly NumberedFilter[]]> {
    const coming = [...this.filters.keys()].sort((a, b) => this.filters[a].first - this.filters[b].first);
    let next = 0;
    let open: number[] = [];
    for (const [i, start] of this.starts.entries()) {
      open = open.filter((number) => this.filters[number].last >= start);
      while (next < coming.length && this.filters[coming[next]].first <= start) {
        open.push(coming[next++]);
      }
      const here = open;
      yield [i, () => [...here].sort((a, b) => a - b).map((number) => this.filters[number])];
    }
  }
}

/** A stretch of ports with one decision about a peer. */
export interface Span {
  /** An index into `PROTOCOLS`. */
  readonly protocol: number;
  readonly first: number;
  readonly last: number;
  readonly code: Code;
  /** What a proxy asks of requests: the allowing cells, in the order in which they are asked; none without a proxy. */
  readonly requests: readonly Cell[];
  /** Whether the proxy may ask something else: which rules it has is not known, or Envoy refuses them. */
  readonly isUnsure: boolean;
  /** Whether a request that no cell allows passes all the same, since nothing closes the direction. */
  readonly isOpen: boolean;
}

/** All decisions about a peer. */
export interface Decisions {
  /** A small number of its own. */
  readonly id: number;
  readonly spans: readonly Span[];
}

let lastId = 0;

/** The decisions about many peers: those with the same ones are of one kind. */
export interface Row {
  /** The kind of each peer, by its number. */
  readonly kinds: Uint32Array;
  /** By kind; `undefined` for a number that no peer has. */
  readonly decisions: readonly (Decisions | undefined)[];
}

/** A filter with port numbers. A port name becomes one filter for each number that it resolves to. */
export interface NumberedFilter {
  readonly tier: Filter['tier'];
  readonly protocol: Filter['protocol'];
  readonly first: number;
  readonly last: number;
  readonly cells: readonly { readonly cell: Cell; readonly peers: BitSet; readonly filter: Filter }[];
}

export class Table {
  private stretches: readonly Stretches[] | undefined;
  private readonly otherwise: Code;
  private readonly allowsLocalhost: boolean;
  /** The side of a peer that is denied by default. */
  private readonly denied: Side;
  private readonly sides = new Map<Cell | undefined, Map<Code, Side>>();
  /** The sets of peers that deciding cells have. */
  private readonly sets: readonly BitSet[];
  private readonly spansByKind = new Map<string, Decisions>();
  private readonly spansByPeer: (Decisions | undefined)[] = [];
  private isAsked = false;
  private place: number | undefined;

  public constructor(
    { isDefaultDeny, allowsLocalhost, isolating }: Resolved,
    private readonly filters: readonly NumberedFilter[],
    private readonly identities: Identities,
    /** Whether Envoy refuses what the policy of the endpoint says of requests, or may refuse it. */
    private readonly isRefused: boolean,
  ) {
    this.otherwise = isDefaultDeny ? DEFAULT_DENY : NOT_ENFORCED;
    this.allowsLocalhost = allowsLocalhost;
    this.denied = sideOf(DEFAULT_DENY, isolating);
    this.sets = [...new Set(filters.flatMap(decidingIn).map(({ peers }) => peers))];
  }

  /** Of most tables nobody asks for the ports. */
  private get byProtocol(): readonly Stretches[] {
    return (this.stretches ??= this.madeStretches());
  }

  private madeStretches(): readonly Stretches[] {
    const { filters, identities } = this;
    const ofAny = filters.filter(({ protocol }) => protocol === 'any');
    const everywhere = new Stretches(ofAny, identities);
    return PROTOCOLS.map((protocol) => {
      const own = filters.filter((filter) => filter.protocol === protocol || filter.protocol === 'any');
      return own.some((filter) => filter.protocol === protocol) ? new Stretches(own, identities) : everywhere;
    });
  }

  /** The decision about a peer. */
  public lookup(protocol: number, port: number, peer: number, hosts: BitSet): Code {
    return this.codeIn(this.byProtocol[protocol].at(port), peer, hosts);
  }

  /** All decisions about a peer. Stretches beside each other may have the same one. For peers of the same sets it is the same object. */
  public decisions(peer: number, hosts: BitSet): Decisions {
    return (this.spansByPeer[peer] ??= this.decisionsOf(peer, hosts));
  }

  /**
   * Whether it surely lets nothing pass to or from any of some peers, on any protocol and port: no rule lets them pass, and the default does not, or a
   * rule before all that do denies all of them everywhere.
   */
  public isClosedFor(peers: AskedPeers, hosts: BitSet): boolean {
    const ranked = this.filters.flatMap(rankedIn);
    const passing = ranked.filter((one) => one.effect !== 'deny' && peers.meets(one.peers));
    const denying = ranked.filter((one) => one.effect === 'deny' && one.isEverywhere && peers.isWithin(one.peers));
    const isClosed = this.otherwise === DEFAULT_DENY && !(this.allowsLocalhost && peers.meets(hosts));
    return (isClosed && passing.length === 0) || denying.some((one) => passing.every((other) => !isBefore(other, one)));
  }

  /** The decisions about all peers with a number below a count. Peers are told apart by set, so most of them are never looked at. */
  public row(count: number, hosts: BitSet): Row {
    const told = kindsOf([hosts, ...this.sets], count);
    const kinds = new Uint32Array(count);
    kinds.set(told.kinds, told.first);
    const decisions: (Decisions | undefined)[] = [];
    kinds.forEach((kind, peer) => (decisions[kind] ??= this.decisions(peer, hosts)));
    return { kinds, decisions };
  }

  /**
   * Its place among packed tables. It is packed when it is asked for the second time, because that takes as long as many look-ups. `count`: it is packed
   * for the peers with a number below.
   */
  public placeIn(packed: PackedTables, count: number, hosts: BitSet): number {
    if (!this.isAsked) {
      this.isAsked = true;
      return UNPACKED;
    }
    return (this.place ??= this.packedInto(packed, count, hosts));
  }

  private packedInto(packed: PackedTables, count: number, hosts: BitSet): number {
    const sets = [hosts, ...this.sets];
    const { first, last } = stretchOf(sets, count);
    if (!packed.hasRoomFor(last - first)) {
      return UNPACKED;
    }
    const kinds = kindsOf(sets, count);
    const lists = [...new Set(this.byProtocol)];
    const cuts = lists.reduce((sum, { starts }) => sum + starts.length, 0);
    const isCut = cuts > MOST_PLAIN_STRETCHES || !packed.hasRoomFor(kinds.kinds.length + kinds.examples.length * cuts);
    return isCut ? UNPACKED : packed.add(this.plain(kinds, hosts));
  }

  /** The decisions about peers that are told apart as plain data. */
  private plain({ kinds, first, examples }: Kinds, hosts: BitSet): PlainTable {
    const plain = new Map(
      [...new Set(this.byProtocol)].map((stretches) => {
        const all = stretches.all();
        const codes = examples.map((peer) => all.map((stretch) => this.codeIn(stretch, peer, hosts)));
        return [stretches, { starts: stretches.starts, codes }];
      }),
    );
    return { stretches: this.byProtocol.map((stretches) => plain.get(stretches)!), kinds, firstPeer: first };
  }

  private decisionsOf(peer: number, hosts: BitSet): Decisions {
    let kind = hosts.has(peer) ? '+' : '';
    for (const [i, set] of this.sets.entries()) {
      kind += set.has(peer) ? ` ${i}` : '';
    }
    const known = this.spansByKind.get(kind) ?? { id: lastId++, spans: this.spansOf(peer, hosts) };
    this.spansByKind.set(kind, known);
    return known;
  }

  private spansOf(peer: number, hosts: BitSet): readonly Span[] {
    const known = new Map<Stretches, readonly Omit<Span, 'protocol'>[]>();
    return this.byProtocol.flatMap((stretches, protocol) => {
      const spans = known.get(stretches) ?? this.spansIn(stretches, peer, hosts);
      known.set(stretches, spans);
      return spans.map((span) => ({ ...span, protocol }));
    });
  }

  private spansIn(stretches: Stretches, peer: number, hosts: BitSet): readonly Omit<Span, 'protocol'>[] {
    const isOpen = this.otherwise === NOT_ENFORCED || (this.allowsLocalhost && hosts.has(peer));
    return [...stretches].map(({ first, last, stretch }) => {
      const code = this.codeIn(stretch, peer, hosts);
      const { redirect } = hasRedirect(code) ? decisionOf(code) : {};
      const { requests, isUnsure } =
        redirect === undefined ? NO_REQUESTS : redirect === 'dns' ? lookUpsIn(stretch, peer) : requestsIn(stretch, peer);
      return {
        first,
        last,
        code,
        requests,
        isUnsure: isUnsure || (redirect !== undefined && redirect !== 'dns' && this.isRefused),
        isOpen,
      };
    });
  }

  private codeIn(stretch: Stretch, peer: number, hosts: BitSet): Code {
    const place = placeFor(peer, stretch);
    if (place !== undefined) {
      return isIn(place.deny, peer) ? DENY_RULE : place.redirects.length === 0 ? RULE : redirectOf(place.redirects, peer);
    }
    return this.otherwise === DEFAULT_DENY && this.allowsLocalhost && hosts.has(peer) ? LOCALHOST : this.otherwise;
  }

  /** The decision about a peer with the rules behind it. For one rule, as in most cases, or none, it is always the same object. */
  public side(code: Code, protocol: number, port: number, peer: number): Side {
    if (code === DEFAULT_DENY) {
      return this.denied;
    }
    const effect = code === DENY_RULE ? 'deny' : 'allow';
    const cells = placeFor(peer, this.byProtocol[protocol].at(port))?.cells ?? [];
    const matching = cells.filter(({ cell, peers }) => cell.effect === effect && peers.has(peer));
    return matching.length > 1
      ? sideOf(code, [...new Set(matching.flatMap(({ cell }) => cell.because))])
      : this.sideOfOne(code, matching[0]?.cell);
  }

  private sideOfOne(code: Code, cell: Cell | undefined): Side {
    let sides = this.sides.get(cell);
    if (sides === undefined) {
      sides = new Map<Code, Side>();
      this.sides.set(cell, sides);
    }
    const side = sides.get(code) ?? sideOf(code, cell?.because ?? []);
    sides.set(code, side);
    return side;
  }
}

/** A cell with its place in the order of tiers. */
interface Ranked {
  readonly tier: number;
  readonly order: number;
  readonly effect: Cell['effect'];
  readonly peers: BitSet;
  /** Whether it is about every protocol and port. */
  readonly isEverywhere: boolean;
}

function rankedIn(filter: NumberedFilter): readonly Ranked[] {
  const tier = (TIERS as readonly string[]).indexOf(filter.tier);
  const isEverywhere = filter.protocol === 'any' && filter.first === 0 && filter.last === MAX_PORT;
  const cells = tier < 0 ? [] : decidingIn(filter);
  return cells.map(({ cell: { order, effect }, peers }) => ({ tier, order, effect, peers, isEverywhere }));
}

function isBefore(a: Ranked, b: Ranked): boolean {
  return a.tier < b.tier || (a.tier === b.tier && a.order < b.order);
}

/** The place that decides about a peer. One that passes it on ends its tier. */
function placeFor(peer: number, stretch: Stretch): Place | undefined {
  let passed: Filter['tier'] | undefined;
  for (const place of stretch) {
    if (place.tier === passed) {
      continue;
    }
    if (isIn(place.deny, peer) || isIn(place.allow, peer)) {
      return place;
    }
    passed = isIn(place.pass, peer) ? place.tier : undefined;
  }
  return undefined;
}

function isIn(sets: readonly BitSet[], peer: number): boolean {
  for (const set of sets) {
    if (set.has(peer)) {
      return true;
    }
  }
  return false;
}

/** The allowing cells for a peer, up to the first place that denies it. */
function requestsIn(stretch: Stretch, peer: number): Requests {
  const found: Cell[] = [];
  let passed: Filter['tier'] | undefined;
  for (const { tier, deny, allow, pass, cells } of stretch) {
    if (tier === passed) {
      continue;
    }
    if (isIn(deny, peer)) {
      break;
    }
    if (isIn(allow, peer)) {
      cells.filter(({ cell, peers }) => cell.effect === 'allow' && peers.has(peer)).forEach(({ cell }) => found.push(cell));
    }
    passed = isIn(pass, peer) ? tier : undefined;
  }
  return { requests: found, isUnsure: false };
}

type Requests = Pick<Span, 'requests' | 'isUnsure'>;

const NO_REQUESTS: Requests = { requests: [], isUnsure: false };

/**
 * The cells that the DNS proxy asks: it has the rules of one filter for the port, and never sees an allow of every port or of a range.
 * Source: cilium `pkg/endpoint/bpf.go`, addNewRedirects; `verdict/requests.ts`, judgeDns.
 */
function lookUpsIn(stretch: Stretch, peer: number): Requests {
  const cells = stretch.flatMap((place) => place.cells);
  const candidates = filtersOfDnsProxy([...new Set(cells.map(({ filter }) => filter))]);
  const own = cells.filter(({ cell, filter, peers }) => candidates.includes(filter) && cell.effect === 'allow' && peers.has(peer));
  const parsers = candidates.length === 1 ? [...parsersOf(candidates[0].cells)] : [];
  return { requests: own.map(({ cell }) => cell), isUnsure: parsers.join() !== 'dns' || own.length === 0 };
}

/** The redirect of the lowest priority that applies to the peer. */
function redirectOf(redirects: Place['redirects'], peer: number): Code {
  for (const { code, peers } of redirects) {
    if (peers.has(peer)) {
      return code;
    }
  }
  return RULE;
}

/** The index of the last stretch that begins at the port or before it. */
function indexOf(starts: readonly number[], port: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle] <= port) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

function placesOf(filters: readonly NumberedFilter[], identities: Identities): Stretch {
  return TIERS.flatMap((tier) => {
    const cells = filters.filter((filter) => filter.tier === tier).flatMap(decidingIn);
    const byOrder = [...groupedBy(cells, ({ cell }) => cell.order)].sort(([a], [b]) => a - b);
    return byOrder.map(([, same]) => placeOf(tier, same, identities));
  });
}

/** The cells that decide. An implied one, such as the exemption of the host, is not a reason. */
function decidingIn({ cells }: NumberedFilter): NumberedFilter['cells'] {
  return cells.filter(({ cell }) => cell.because.length > 0);
}

function placeOf(tier: Filter['tier'], cells: NumberedFilter['cells'], identities: Identities): Place {
  const redirecting = cells.filter(({ cell }) => cell.effect === 'allow' && cell.parser !== '');
  const setsOf = (effect: Cell['effect']) => {
    const sets = [...new Set(cells.filter(({ cell }) => cell.effect === effect).map(({ peers }) => peers))];
    return sets.length > FEW ? [identities.union(sets)] : sets;
  };
  return {
    tier,
    deny: setsOf('deny'),
    allow: setsOf('allow'),
    pass: setsOf('pass'),
    redirects: redirecting
      .sort((a, b) => a.cell.priority - b.cell.priority)
      .map(({ cell, peers }) => ({ code: codeOf('rule', redirectAt(cell.priority)), peers })),
    cells,
  };
}

/** Few sets are asked one by one: a union of them would be a set of its own for each table. */
const FEW = 8;

/** A table of more stretches is not made plain, since each of them would have to be made. */
const MOST_PLAIN_STRETCHES = 256;
