/**
 * The entries of the policy map of an endpoint: for each peer and each prefix of ports, what is done with a connection.
 *
 * Source: cilium `pkg/policy/l4.go`, toMapState, and `pkg/policy/mapstate.go`, insertWithChanges. There entries are inserted one by one and remove
 * each other; here it is said which of them remain.
 */
import { isSince, NEWEST } from '../crd/minor';
import { everyIdentity } from '../model/conditions';
import type { OwnedRule } from '../model/flow';
import { Policy, TIERS } from '../model/policy';
import { groupedBy } from '../net/grouped';
import { MAX_PORT } from '../net/port';
import { PortPrefix, portPrefixes, portPrefixesAround } from '../net/port-prefixes';
import type { Agent } from '../resolve/agent';
import type { Cell, Filter } from '../resolve/cells';
import { NamedPorts, portNumber } from '../resolve/named-ports';
import { HOST_CELL, LocalEndpoint, Resolved } from '../resolve/resolve';
import { BitSet } from './bit-set';
import type { Peers } from './peer-identities';

/** The entries of one direction of an endpoint. */
export interface MapEntries {
  readonly count: number;
  /** Whether there may be fewer: which entries rules with authentication remove depends on the order in which the agent inserts them. */
  readonly isAtMost: boolean;
  /** Those of the most entries first. */
  readonly shares: readonly Share[];
  readonly policies: ReadonlyMap<Policy, number>;
}

/** The entries that a rule has a part in. */
export interface Share {
  /** `undefined` for what Cilium adds itself. */
  readonly rule: OwnedRule | undefined;
  readonly count: number;
  /** How many protocols and prefixes of ports the entries are for, and how many peers. */
  readonly ports: number;
  readonly peers: number;
}

/** What the entries of an endpoint depend on beside its rules. */
export interface MapContext {
  readonly peers: Peers;
  readonly namedPorts: NamedPorts;
  readonly agent: Agent;
}

/** The entries of a direction of an endpoint; `undefined` where rules pass connections on to the next tier: what these write is not counted. */
export function mapEntries(resolved: Resolved, endpoint: LocalEndpoint, context: MapContext): MapEntries | undefined {
  const { selecting } = resolved;
  if (selecting.some(({ rule }) => rule.effect === 'pass')) {
    return undefined;
  }
  const hasAuthentication = selecting.some(({ rule }) => rule.authentication !== undefined);
  const keys = new Keys(resolved.filters, context);
  for (const filter of resolved.filters) {
    for (const { ports, cells: written } of placesOf(filter, resolved, endpoint, context)) {
      const isStubborn = ({ effect }: Cell) => hasAuthentication && effect === 'allow';
      ports.forEach((prefix) =>
        written.forEach(({ cell, peers }) => keys.add(filter, prefix, { cell, peers, isStubborn: isStubborn(cell) })),
      );
    }
  }
  if (!resolved.isDefaultDeny && resolved.filters.length === 0) {
    keys.add(NOWHERE, EVERY_PORT, { cell: HOST_CELL, peers: context.peers.everyone, isStubborn: false });
  }
  addLocalhost(keys, resolved, endpoint, context);
  return { ...keys.counted(), isAtMost: hasAuthentication };
}

/** Cells with the peers and the prefixes of ports that they are written for. */
interface Place {
  readonly ports: readonly PortPrefix[];
  readonly cells: readonly { readonly cell: Cell; readonly peers: BitSet }[];
}

/** A port name is one number or, from 1.20 on for egress, one for each peer; a filter whose name nobody has writes nothing. */
function placesOf(filter: Filter, { direction }: Resolved, endpoint: LocalEndpoint, context: MapContext): readonly Place[] {
  const { port, protocol } = filter;
  const { peers, namedPorts, agent } = context;
  if (port.is === 'name' && direction === 'egress' && isSince(agent.minor, '1.20')) {
    const cells = filter.cells.filter((cell) => !isCovered(cell, filter, false));
    return [...peers.meaning(port.name, protocol)].map(([number, having]) => ({
      ports: portPrefixes(number, number),
      cells: cells.map((cell) => ({ cell, peers: BitSet.intersection(peers.selected(cell.selector), having) })),
    }));
  }
  const first =
    port.is === 'number'
      ? port.number
      : direction === 'ingress'
        ? portNumber(port.name, protocol, endpoint.ports)
        : namedPorts.agreed(port.name, protocol);
  if (first === undefined) {
    return [];
  }
  const cells = filter.cells.filter((cell) => !isCovered(cell, filter, first === 0));
  return [
    {
      ports: portsFrom(first, port.end, agent),
      cells: cells.map((cell) => ({ cell, peers: isEverybody(cell) ? peers.everyone : peers.selected(cell.selector) })),
    },
  ];
}

/** Port 0 is every port; from 1.20 on also as the begin of a range. */
function portsFrom(first: number, end: number, { minor }: Agent): readonly PortPrefix[] {
  const isEvery = first === 0 && (end === 0 || isSince(minor, '1.20'));
  return portPrefixes(first, isEvery ? MAX_PORT : Math.max(first, end));
}

const EVERYBODY = everyIdentity(NEWEST).key;

function isEverybody({ selector }: Cell): boolean {
  return selector.key === EVERYBODY;
}

/** Whether a rule for every peer at the same ports does the same, so that the rule writes nothing; not where it is about every port. */
function isCovered(cell: Cell, { cells }: Filter, isEveryPort: boolean): boolean {
  return !isEveryPort && !isEverybody(cell) && cells.some((other) => isEverybody(other) && doesTheSame(cell, other));
}

function doesTheSame(a: Cell, b: Cell): boolean {
  return (
    a.effect === b.effect &&
    a.order === b.order &&
    a.parser === b.parser &&
    a.priority === b.priority &&
    a.listener === b.listener &&
    a.authentication === b.authentication
  );
}

/** What Cilium adds itself stands in no tier, and is about all traffic. */
const NOWHERE = { tier: 'normal', protocol: 'any' } as const;
const [EVERY_PORT] = portPrefixes(0, MAX_PORT);

/** Up to 1.19 the local node may connect to its pods by an entry that is written last, whatever rules there are. */
function addLocalhost(keys: Keys, { direction }: Resolved, endpoint: LocalEndpoint, { agent, peers }: MapContext): void {
  if (direction === 'ingress' && !endpoint.isHost && agent.allowsLocalhost && !isSince(agent.minor, '1.20')) {
    const isStubborn = !isSince(agent.minor, '1.19');
    keys.add(NOWHERE, EVERY_PORT, { cell: HOST_CELL, peers: peers.selected(HOST_CELL.selector), isStubborn });
  }
}

/** The cells that are written for one prefix of the ports of a protocol. */
interface Key {
  /** The keys that cover it, itself included, by name. */
  readonly around: readonly string[];
  readonly parts: Part[];
}

/** A cell with the peers that it is written for. */
interface Part {
  readonly cell: Cell;
  readonly peers: BitSet;
  readonly strength: number;
  /** Whether only entries of the same peer remove its entries, and not those for every peer. */
  readonly isStubborn: boolean;
}

class Keys {
  private readonly byName = new Map<string, Key>();
  private readonly remains = new Map<Part, BitSet>();
  private readonly inOrder = new Map<Key, readonly Part[]>();
  private readonly standingIn = new Map<Key, readonly Part[]>();
  /** The places in the order of tiers, the last one first. */
  private readonly levels: readonly string[];

  public constructor(
    filters: readonly Filter[],
    private readonly context: MapContext,
  ) {
    const all = filters.flatMap(({ tier, cells }) => cells.map(({ order }) => ({ tier, order })));
    const inOrder = [...all, { ...NOWHERE, order: 0 }].sort((a, b) => tierNumber(b.tier) - tierNumber(a.tier) || b.order - a.order);
    this.levels = [...new Set(inOrder.map(({ tier, order }) => this.levelOf(tier, order)))];
  }

  /** Up to 1.19 there is one place for all rules. */
  private levelOf(tier: Filter['tier'], order: number): string {
    return isSince(this.context.agent.minor, '1.20') ? `${tier} ${order}` : '';
  }

  public add({ tier, protocol }: Pick<Filter, 'tier' | 'protocol'>, prefix: PortPrefix, part: Omit<Part, 'strength'>): void {
    const around = [...portPrefixesAround(prefix).map((one) => keyName(protocol, one)), ...(protocol === 'any' ? [] : [EVERYTHING])];
    const key = this.byName.get(around[0]) ?? { around, parts: [] };
    this.byName.set(around[0], key);
    const strength = this.levels.indexOf(this.levelOf(tier, part.cell.order)) * 256 + strengthOf(part.cell);
    key.parts.push({ ...part, strength });
  }

  /** What remains of all that was added. */
  public counted(): Omit<MapEntries, 'isAtMost'> {
    const tally = new Tally();
    for (const key of this.byName.values()) {
      for (const parts of groupedBy(key.parts, ({ strength }) => strength).values()) {
        tally.add(parts.map((part) => ({ cell: part.cell, peers: this.remaining(part, key) })));
      }
    }
    return tally.result();
  }

  /** The peers for which a part is in the map. */
  private remaining(part: Part, key: Key): BitSet {
    const known = this.remains.get(part) ?? BitSet.difference(part.peers, this.removedFrom(part, key));
    this.remains.set(part, known);
    return known;
  }

  /** The peers for which another entry leaves nothing to say: a stronger one, or an equal one that denies at more ports. */
  private removedFrom(part: Part, key: Key): BitSet {
    const { peers } = this.context;
    const isDeny = part.cell.effect === 'deny';
    const removed: BitSet[] = [];
    for (const around of key.around.flatMap((name) => this.byName.get(name) ?? [])) {
      const least = isDeny && around !== key ? part.strength : part.strength + 1;
      // What removes an entry removes all that the entry would, but not what only entries of the same peer remove.
      for (const other of this.strongest(around, least)) {
        removed.push(part.isStubborn ? this.remaining(other, around) : peers.withMembers(other.peers));
      }
    }
    const alike = this.standing(key).filter((other) => other.strength === part.strength && this.saysIt(other.cell, part.cell));
    return BitSet.union([...removed, ...alike.map((other) => peers.membersOf(other.peers))]);
  }

  /** The parts of a key that are at least as strong as something. */
  private strongest(key: Key, least: number): readonly Part[] {
    const inOrder = this.inOrder.get(key) ?? [...key.parts].sort((a, b) => b.strength - a.strength);
    this.inOrder.set(key, inOrder);
    const end = inOrder.findIndex(({ strength }) => strength < least);
    return end < 0 ? inOrder : inOrder.slice(0, end);
  }

  /** The parts with entries that stand for more peers than their own: few of many. */
  private standing(key: Key): readonly Part[] {
    const known = this.standingIn.get(key) ?? key.parts.filter((part) => this.context.peers.membersOf(part.peers).size > 0);
    this.standingIn.set(key, known);
    return known;
  }

  /** Whether an entry for all peers of a kind makes that of one of them needless. */
  private saysIt(all: Cell, one: Cell): boolean {
    const { minor } = this.context.agent;
    return one.effect === 'deny' || (isSince(minor, '1.20') && doesTheSame(all, one) && logOf(all) === logOf(one));
  }
}

function tierNumber(tier: Filter['tier']): number {
  return tier === 'default' ? TIERS.length : TIERS.indexOf(tier);
}

function keyName(protocol: Filter['protocol'], { first, length }: PortPrefix): string {
  return `${protocol} ${first}/${length}`;
}

const EVERYTHING = keyName('any', { first: 0, length: 0 });

/** Among entries of one place in the order of tiers. Source: cilium 1.20 `pkg/policy/types/entry.go`, Precedence. */
function strengthOf({ effect, parser, priority }: Cell): number {
  if (effect === 'deny') {
    return 255;
  }
  return parser === '' ? 1 : 255 - priority;
}

/** What rules write to the flow log. */
function logOf({ because }: Cell): string {
  return [...new Set(because.flatMap(({ rule }) => rule.log ?? []))].sort().join('\n');
}

/** Adds up entries, and what each rule and each policy has of them. */
class Tally {
  private count = 0;
  private readonly rules = new Map<OwnedRule | undefined, { count: number; ports: number; readonly peers: BitSet[] }>();
  private readonly policies = new Map<Policy, number>();

  /** The cells of one key and one strength: an entry of several of them is one. */
  public add(parts: readonly Pick<Part, 'cell' | 'peers'>[]): void {
    this.count += sizeOf(parts.map(({ peers }) => peers));
    const owners = parts.flatMap(({ cell: { because }, peers }) =>
      (because.length === 0 ? [undefined] : because).map((rule) => ({ rule, peers })),
    );
    for (const [rule, own] of groupedBy(owners, (one) => one.rule)) {
      const sets = own.map(({ peers }) => peers);
      const count = sizeOf(sets);
      const share = this.rules.get(rule) ?? { count: 0, ports: 0, peers: [] };
      share.count += count;
      share.ports += Math.sign(count);
      sets.forEach((set) => share.peers.push(set));
      this.rules.set(rule, share);
    }
    for (const [policy, own] of groupedBy(owners, ({ rule }) => rule?.policy)) {
      if (policy !== undefined) {
        this.policies.set(policy, (this.policies.get(policy) ?? 0) + sizeOf(own.map(({ peers }) => peers)));
      }
    }
  }

  public result(): Omit<MapEntries, 'isAtMost'> {
    const shares = [...this.rules].map(([rule, { count, ports, peers }]) => ({ rule, count, ports, peers: sizeOf(peers) }));
    return {
      count: this.count,
      shares: shares.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count),
      policies: this.policies,
    };
  }
}

function sizeOf(sets: readonly BitSet[]): number {
  return sets.length === 1 ? sets[0].size : BitSet.union(sets).size;
}
